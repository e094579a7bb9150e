import type { ChannelSettings, NoticePreference } from '@changbai/contract/notification.ts'
import type { Db, NewRow, Row } from '../../platform/db.ts'
import { forget, remembered } from '../../platform/memo.ts'
import type { Wording } from './notice.domain.ts'

declare module '../../platform/db.ts' {
  interface Tables {
    notification_channel: ChannelTable
    notice_template: TemplateTable
    notice_preference: PreferenceTable
  }
}

type ProposalState = 'PROPOSED' | 'ACTIVE' | 'REJECTED' | 'RETIRED'
interface Proposal {
  state: ProposalState
  proposed_by: string | null
  proposed_by_name: string
  proposed_at: Temporal.Instant
  decided_by: string | null
  decided_by_name: string | null
  decided_at: Temporal.Instant | null
  comment: string | null
}
interface ChannelTable extends Proposal {
  id: string
  channel: ChannelSettings['channel']
  name: string
  settings: ChannelSettings | string
  secret_sealed: string | null
}
interface TemplateTable extends Proposal {
  id: string
  event: string
  version: number
  zh: Wording | string
  en: Wording | string
}
interface PreferenceTable {
  person_id: string
  locale: 'zh-CN' | 'en-US'
  channels: NoticePreference['channels'] | string
  quiet_from: string | null
  quiet_until: string | null
  updated_at: Temporal.Instant
}

export type ChannelRow = Row<'notification_channel'>
export type TemplateRow = Row<'notice_template'>
export type Decision = Pick<ChannelRow, 'state' | 'decided_by' | 'decided_by_name' | 'decided_at' | 'comment'>

export const listChannels = (db: Db): Promise<ChannelRow[]> =>
  db.selectFrom('notification_channel').selectAll().orderBy('proposed_at', 'desc').limit(200).execute()
/** Read once in a command that tells several things. */
const CHANNELS = 'channels:'
export const activeChannels = (db: Db): Promise<ChannelRow[]> =>
  remembered(db, CHANNELS, () => db.selectFrom('notification_channel').selectAll().where('state', '=', 'ACTIVE').execute())
export const findChannel = (db: Db, id: string): Promise<ChannelRow | undefined> =>
  db.selectFrom('notification_channel').selectAll().where('id', '=', id).executeTakeFirst()
export const lockChannel = (db: Db, id: string): Promise<ChannelRow | undefined> =>
  db.selectFrom('notification_channel').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export async function insertChannel(db: Db, row: NewRow<'notification_channel'>): Promise<void> {
  forget(db, CHANNELS)
  await db
    .insertInto('notification_channel')
    .values({ ...row, settings: JSON.stringify(row.settings) })
    .execute()
}
export async function updateChannel(db: Db, id: string, change: Partial<Decision>): Promise<void> {
  forget(db, CHANNELS)
  await db.updateTable('notification_channel').set(change).where('id', '=', id).execute()
}
/** The one in force that a newly approved one replaces: of its kind for people, of its name for group bots. */
export const replacedBy = (db: Db, row: ChannelRow): Promise<ChannelRow | undefined> => {
  let query = db
    .selectFrom('notification_channel')
    .selectAll()
    .where('state', '=', 'ACTIVE')
    .where('channel', '=', row.channel)
    .where('id', '<>', row.id)
  if (row.channel === 'WECOM' || row.channel === 'DINGTALK' || row.channel === 'FEISHU')
    query = query.where((eb) => eb(eb.fn<string>('lower', ['name']), '=', row.name.toLowerCase()))
  return query.executeTakeFirst()
}

export const activeTemplate = (db: Db, event: string): Promise<TemplateRow | undefined> =>
  db.selectFrom('notice_template').selectAll().where('event', '=', event).where('state', '=', 'ACTIVE').executeTakeFirst()
export const openTemplates = (db: Db): Promise<TemplateRow[]> =>
  db.selectFrom('notice_template').selectAll().where('state', 'in', ['ACTIVE', 'PROPOSED']).orderBy('event').orderBy('version').execute()
export const lockTemplate = (db: Db, id: string): Promise<TemplateRow | undefined> =>
  db.selectFrom('notice_template').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
export async function nextTemplateVersion(db: Db, event: string): Promise<number> {
  const row = await db
    .selectFrom('notice_template')
    .select((eb) => eb.fn.max<number | null>('version').as('last'))
    .where('event', '=', event)
    .executeTakeFirst()
  return (row?.last ?? 0) + 1
}
export const insertTemplate = (db: Db, row: NewRow<'notice_template'>) =>
  db
    .insertInto('notice_template')
    .values({ ...row, zh: JSON.stringify(row.zh), en: JSON.stringify(row.en) })
    .execute()
export const updateTemplate = (db: Db, id: string, change: Partial<Decision>) =>
  db.updateTable('notice_template').set(change).where('id', '=', id).execute()

const DEFAULT_PREFERENCE: NoticePreference = { locale: 'zh-CN', channels: {}, quiet: null }

export async function preferencesOf(db: Db, personIds: readonly string[]): Promise<Map<string, NoticePreference>> {
  const rows =
    personIds.length === 0
      ? []
      : await db
          .selectFrom('notice_preference')
          .selectAll()
          .where('person_id', 'in', [...personIds])
          .execute()
  const saved = new Map(rows.map((row) => [row.person_id, toPreference(row)]))
  return new Map(personIds.map((id) => [id, saved.get(id) ?? DEFAULT_PREFERENCE]))
}

const toPreference = (row: Row<'notice_preference'>): NoticePreference => ({
  locale: row.locale,
  channels: row.channels as NoticePreference['channels'],
  quiet: row.quiet_from && row.quiet_until ? { from: row.quiet_from, until: row.quiet_until } : null,
})

export const savePreference = (db: Db, personId: string, preference: NoticePreference, now: Temporal.Instant) => {
  const values = {
    locale: preference.locale,
    channels: JSON.stringify(preference.channels),
    quiet_from: preference.quiet?.from ?? null,
    quiet_until: preference.quiet?.until ?? null,
    updated_at: now,
  }
  return db
    .insertInto('notice_preference')
    .values({ person_id: personId, ...values })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(values))
    .execute()
}
