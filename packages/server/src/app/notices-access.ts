import { ROLES, type Role } from '@changbai/contract/capability.ts'
import { findPerson, personLocales } from '../modules/identity/index.ts'
import { mailOutsider, type NoticeKind, notify } from '../modules/notification/index.ts'
import type { Reaction } from '../platform/door.ts'

/** What is said about registrations, grants and access reviews; identity lies below notification and only publishes. */
export const accessNotices: readonly NoticeKind[] = [
  {
    event: 'registration.received',
    topic: 'account',
    urgency: 'NORMAL',
    placeholders: ['number', 'bureau'],
    zh: { title: '新的单位登记：{bureau}', body: '{bureau} 提交了登记 {number}，附公函。请核对后受理，或写明理由不予受理。' },
    en: {
      title: 'A bureau registers: {bureau}',
      body: '{bureau} has sent registration {number} with its letter. Take it on, or refuse with a reason.',
    },
  },
  {
    event: 'export.asked',
    topic: 'account',
    urgency: 'NORMAL',
    placeholders: ['number', 'title', 'titleEn', 'by', 'reason'],
    zh: { title: '导出待批准：{title}', body: '{by} 申请导出“{title}”（{number}），用途：{reason}。请批准或退回。' },
    en: {
      title: 'An export to approve: {titleEn}',
      body: '{by} asks to export “{titleEn}” ({number}) for: {reason}. Approve it or send it back.',
    },
  },
  {
    event: 'registration.refused',
    topic: 'account',
    urgency: 'NORMAL',
    placeholders: ['number', 'bureau', 'reason'],
    zh: { title: '登记 {number} 未受理', body: '{bureau} 的登记 {number} 未受理：{reason}。补正后可重新登记。' },
    en: {
      title: 'Registration {number} was not taken on',
      body: 'Registration {number} of {bureau} was not taken on: {reason}. You may register again once this is put right.',
    },
  },
  {
    event: 'grant.proposed',
    topic: 'account',
    urgency: 'NORMAL',
    placeholders: ['person', 'role', 'roleEn', 'bureau', 'by'],
    zh: { title: '授权待批准：{person}，{role}', body: '{by} 提出授予 {person} “{role}”（{bureau}）。批准后生效。' },
    en: {
      title: 'Grant to approve: {person}, {roleEn}',
      body: '{by} proposes “{roleEn}” for {person} ({bureau}). It takes effect when approved.',
    },
  },
  {
    event: 'grant.in-force',
    topic: 'account',
    urgency: 'NORMAL',
    placeholders: ['person', 'role', 'roleEn', 'bureau'],
    zh: { title: '授权已生效：{role}', body: '{person}：你的角色“{role}”（{bureau}）已经生效。' },
    en: { title: 'Your role is in force: {roleEn}', body: '{person}: your role “{roleEn}” ({bureau}) is in force.' },
  },
  {
    event: 'account.welcome',
    topic: 'account',
    urgency: 'NORMAL',
    placeholders: ['person', 'signIn', 'role', 'roleEn', 'bureau'],
    zh: {
      title: '账号已开通：{bureau}',
      body: '{person}：你的账号“{signIn}”已经开通，角色“{role}”（{bureau}）已经生效。请在 72 小时内打开下面的链接设置口令；链接只能用一次，不要转给他人。',
    },
    en: {
      title: 'Your account is open: {bureau}',
      body: '{person}: your account “{signIn}” is open and your role “{roleEn}” ({bureau}) is in force. Open the link below within 72 hours to set a password. It works once; do not pass it on.',
    },
  },
  {
    event: 'access-review.opened',
    topic: 'account',
    urgency: 'NORMAL',
    placeholders: ['quarter', 'dueAt'],
    zh: { title: '{quarter} 授权复核', body: '{quarter} 的授权复核已发起，请在 {dueAt} 前逐项保留或收回。逾期未复核的授权自动失效。' },
    en: {
      title: 'Access review {quarter}',
      body: 'The access review of {quarter} is open. Keep or withdraw each grant by {dueAt}; grants not reviewed by then lapse.',
    },
  },
  {
    event: 'access-review.lapsed',
    topic: 'account',
    urgency: 'HIGH',
    placeholders: ['quarter', 'count'],
    zh: {
      title: '{quarter} 授权复核到期：{count} 项失效',
      body: '{quarter} 的授权复核已到期，{count} 项未复核的授权已失效。请安全管理员确认结果。',
    },
    en: {
      title: 'Access review {quarter} is over: {count} lapsed',
      body: 'The access review of {quarter} is over; {count} grants that nobody reviewed have lapsed. The security administrator confirms the result.',
    },
  },
  {
    event: 'ldap.left',
    topic: 'account',
    urgency: 'HIGH',
    placeholders: ['count', 'names'],
    zh: { title: '{count} 人离开单位目录', body: '{names}。账号已停用并退出登录，待办与授权仍在其名下，请逐人办理交接。' },
    en: {
      title: 'Left the directory: {count}',
      body: '{names}. Their accounts are closed and signed out; tasks and grants are still theirs until they are handed over.',
    },
  },
  {
    event: 'ldap.trouble',
    topic: 'account',
    urgency: 'HIGH',
    placeholders: ['problem'],
    zh: { title: '单位目录同步没有完成', body: '{problem}。目录账号可能不能登录；三员用本地账号照常登录。' },
    en: {
      title: 'The directory was not synchronised',
      body: '{problem}. Accounts of the directory may be unable to sign in; the three administrators sign in with local accounts.',
    },
  },
]

/** A role in both languages, for the two wordings. */
const roleWords = (role: Role): { role: string; roleEn: string } => ({ role: ROLES[role].zh, roleEn: ROLES[role].en })

export const tellLdapLeft: Reaction<'ldap.left'> = async (ctx, { count, names }) => {
  await notify(ctx, { event: 'ldap.left', to: { role: 'SYSTEM_ADMIN' }, params: { count, names }, link: '/settings/ldap' })
}
export const tellLdapTrouble: Reaction<'ldap.trouble'> = async (ctx, { problem }) => {
  await notify(ctx, { event: 'ldap.trouble', to: { role: 'SYSTEM_ADMIN' }, params: { problem }, link: '/settings/ldap' })
}

export const tellRegistrationReceived: Reaction<'registration.received'> = async (ctx, { number, bureau }) => {
  await notify(ctx, {
    event: 'registration.received',
    to: { role: 'IAAS_ADMIN' },
    params: { number, bureau },
    link: '/settings/registrations',
  })
}

export const tellExportAsked: Reaction<'export.asked'> = async (ctx, { exportId, number, title, by, reason }) => {
  await notify(ctx, {
    event: 'export.asked',
    to: { role: 'SECURITY_ADMIN' },
    params: { number, title: title.zh, titleEn: title.en, by, reason },
    link: `/records/exports?export=${exportId}`,
  })
}

export const tellRegistrationRefused: Reaction<'registration.refused'> = async (ctx, { number, bureau, reason, emails, locale }) => {
  for (const email of emails) await mailOutsider(ctx, { event: 'registration.refused', email, locale, params: { number, bureau, reason } })
}

export const tellGrantProposed: Reaction<'grant.proposed'> = async (ctx, { personName, role, tenantName, by }) => {
  await notify(ctx, {
    event: 'grant.proposed',
    to: { role: 'SECURITY_ADMIN' },
    params: { person: personName, ...roleWords(role), bureau: tenantName, by },
    link: '/settings/grants?status=PROPOSED',
  })
}

/** In the inbox; whoever has no password yet, and so no inbox, by mail with the link that lets them in. */
export const tellGrantInForce: Reaction<'grant.in-force'> = async (ctx, { personId, role, tenantName, entryPath }) => {
  const person = await findPerson(ctx, personId)
  if (!person) return
  const params = { person: person.name, signIn: person.signIn, ...roleWords(role), bureau: tenantName }
  if (entryPath === null) await notify(ctx, { event: 'grant.in-force', to: { personIds: [personId] }, params, link: '/settings/account' })
  else if (person.email) {
    const locale = (await personLocales(ctx, [personId])).get(personId) ?? 'zh-CN'
    await mailOutsider(ctx, { event: 'account.welcome', email: person.email, locale, params, secretPath: entryPath })
  }
}

const reviewers: readonly Role[] = ['IAAS_ADMIN', 'SYSTEM_ADMIN', 'CUSTOMER_OM_MANAGER', 'SECURITY_ADMIN']
export const tellReviewOpened: Reaction<'access-review.opened'> = async (ctx, { quarter, dueAt }) => {
  await notify(ctx, {
    event: 'access-review.opened',
    to: reviewers.map((role) => ({ role })),
    params: { quarter, dueAt },
    link: '/settings/access-reviews',
  })
}
export const tellReviewLapsed: Reaction<'access-review.lapsed'> = async (ctx, { quarter, lapsed }) => {
  await notify(ctx, {
    event: 'access-review.lapsed',
    to: { role: 'SECURITY_ADMIN' },
    params: { quarter, count: lapsed },
    link: '/settings/access-reviews',
  })
}
