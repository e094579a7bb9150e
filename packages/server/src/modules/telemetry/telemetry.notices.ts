import type { Reaction } from '../../platform/door.ts'
import { notify, registerNotices } from '../notification/index.ts'

export const registerTelemetryNotices = (): void =>
  registerNotices([
    {
      event: 'telemetry.source-silent',
      topic: 'system',
      urgency: 'HIGH',
      placeholders: ['name', 'since'],
      zh: { title: '监测来源静默：{name}', body: '“{name}”自 {since} 起没有上报，它所监测的对象现在看不见。' },
      en: { title: 'A source is silent: {name}', body: '“{name}” has sent nothing since {since}; what it watches is out of sight.' },
    },
    {
      event: 'telemetry.source-returned',
      topic: 'system',
      urgency: 'NORMAL',
      placeholders: ['name', 'since'],
      zh: { title: '监测来源恢复：{name}', body: '“{name}”自 {since} 起静默，现已恢复上报。' },
      en: { title: 'A source is back: {name}', body: '“{name}”, silent since {since}, sends again.' },
    },
    {
      event: 'telemetry.source-proposed',
      topic: 'system',
      urgency: 'NORMAL',
      placeholders: ['name'],
      zh: { title: '待批准的监测来源：{name}', body: '来源“{name}”的令牌已建立，经你批准后生效。' },
      en: { title: 'A source awaits approval: {name}', body: 'The token of “{name}” was made; it opens nothing until you approve it.' },
    },
  ])

const watchers = [{ role: 'MAINTENANCE_MANAGER' }, { role: 'IAAS_ADMIN' }] as const

export const tellSourceSilent: Reaction<'telemetry.source-silent'> = async (ctx, { sourceId, name, since }) => {
  await notify(ctx, {
    event: 'telemetry.source-silent',
    to: [...watchers, { role: 'DUTY_OFFICER' }],
    params: { name, since },
    link: `/settings/sources/${sourceId}`,
    dedupKey: `telemetry.source-silent:${sourceId}:${since}`,
  })
}
export const tellSourceReturned: Reaction<'telemetry.source-returned'> = async (ctx, { sourceId, name, silentSince }) => {
  await notify(ctx, {
    event: 'telemetry.source-returned',
    to: [...watchers],
    params: { name, since: silentSince },
    link: `/settings/sources/${sourceId}`,
  })
}
export const tellSourceProposed: Reaction<'telemetry.source-proposed'> = async (ctx, { sourceId, name }) => {
  await notify(ctx, {
    event: 'telemetry.source-proposed',
    to: { role: 'SECURITY_ADMIN' },
    params: { name },
    link: `/settings/sources/${sourceId}`,
    dedupKey: `telemetry.source-proposed:${sourceId}`,
  })
}
