import { problem } from './problem.ts'

export const identityProblems = {
  wrongSignIn: problem('identity.wrong-sign-in', 401, {
    zh: '用户名或口令不对；连续 {limit} 次不对将锁定 {minutes} 分钟',
    en: 'Wrong user name or password; after {limit} failures in a row the account is locked for {minutes} minutes',
  }),
  locked: problem('identity.locked', 423, {
    zh: '连续多次未能登录，已锁定到 {until}',
    en: 'Too many failures in a row; locked until {until}',
  }),
  secondFactorNeeded: problem('identity.second-factor-needed', 401, {
    zh: '请再输入动态口令',
    en: 'Enter the one-time code as well',
  }),
  wrongCode: problem('identity.wrong-code', 401, { zh: '动态口令不对或已用过', en: 'The code is wrong or was used already' }),
  passwordExpired: problem('identity.password-expired', 403, {
    zh: '口令已到期，请先更换',
    en: 'The password has expired; change it first',
  }),
  weakPassword: problem('identity.weak-password', 400, {
    zh: '口令不少于 {min} 位，含大写、小写、数字、符号中的 {classes} 类，且不含用户名',
    en: 'At least {min} characters of {classes} kinds (upper, lower, digit, other), without the user name',
  }),
  passwordReused: problem('identity.password-reused', 400, { zh: '不能与最近 5 次用过的口令相同', en: 'Not one of the last 5 passwords' }),
  signInTaken: problem('identity.sign-in-taken', 409, { zh: '用户名“{signIn}”已有人用', en: 'The user name “{signIn}” is taken' }),
  setUpClosed: problem('identity.set-up-closed', 410, { zh: '初始设置已完成，此页不再开放', en: 'Set-up is done; this page is closed' }),
  setUpToken: problem('identity.set-up-token', 403, { zh: '设置口令不对，请看启动终端', en: 'Wrong set-up token; see the terminal' }),
  fourPersons: problem('identity.four-persons', 400, { zh: '须是四位不同的人', en: 'Four different persons are needed' }),
  secondFactorOn: problem('identity.second-factor-on', 409, {
    zh: '动态口令已启用，要换一部手机请先停用',
    en: 'The one-time code is on already; turn it off before using another phone',
  }),
  secondFactorOff: problem('identity.second-factor-off', 409, { zh: '没有启用动态口令', en: 'The one-time code is not on' }),
  selfGrant: problem('identity.self-grant', 403, {
    zh: '不能给自己授权，也不能批准自己的授权',
    en: 'Nobody grants to or approves for themselves',
  }),
  notGrantor: problem('identity.not-grantor', 403, { zh: '“{role}”不由你授予', en: 'You do not grant “{role}”' }),
  incompatible: problem('identity.incompatible', 409, {
    zh: '“{role}”与已有的“{held}”不能由一人兼任（职责分离）',
    en: '“{role}” and “{held}” cannot be held by one person (separation of duties)',
  }),
  scopeNeeded: problem('identity.scope-needed', 400, { zh: '“{role}”须指明委办局', en: '“{role}” needs a bureau' }),
  scopeRefused: problem('identity.scope-refused', 400, { zh: '“{role}”不限于某一委办局', en: '“{role}” is not bound to a bureau' }),
  decided: problem('identity.decided', 409, { zh: '这项授权已由 {by} 处理', en: '{by} has already decided this grant' }),
  tooLong: problem('identity.delegation-too-long', 400, { zh: '代理不超过 {days} 天', en: 'A delegation lasts at most {days} days' }),
  lastAdministrator: problem('identity.last-administrator', 409, {
    zh: '这是最后一位{role}，不能停用',
    en: 'This is the last {role}; it cannot be disabled',
  }),
} as const
