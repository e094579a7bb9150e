import { dataTags } from '../platform/data-tags.ts'
import type { SealedPlaces } from '../platform/reseal.ts'

type Column = SealedPlaces['columns'][number]

/** How a column of the class `contact` is found by equal values, or what is unusual of it; most need nothing. */
const HOW: Readonly<Record<string, Partial<Column>>> = {
  'person.phone': { index: { column: 'phone_index', domain: 'phone' } },
  'person.email': { index: { column: 'email_index', domain: 'email' } },
  'incident.reporter_phone': { index: { column: 'reporter_phone_index', domain: 'phone' } },
  'hotline_call.phone': { index: { column: 'phone_index', domain: 'phone' }, clears: 'phone_digits' },
  'desk_ring.phone': { index: { column: 'phone_index', domain: 'phone' }, clears: 'phone_digits' },
  'form_document.content': { isJson: true },
  'form_version.content': { isJson: true, key: ['form_id', 'version'] },
  'migration.plan': { isJson: true },
  // whatever was answered to a command that may be sent again
  'command_reply.reply': { isJson: true, key: ['person_key', 'idempotency_key'] },
}
/** Columns of that class that stay readable in the database, each with its reason. */
export const NOT_SEALED: Readonly<Record<string, string>> = {
  'desk_mail.from_address': 'the desk looks for letters by parts of the address; it stands in the letter of whoever wrote',
  'ldap_account.phone': 'the directory of the house keeps it readable, and the row is written over every night',
  'ldap_account.email': 'likewise',
}

/** What is encrypted at rest: how people are reached, by the class of the column, and what modules seal for a purpose. */
export const sealedPlaces: SealedPlaces = {
  columns: dataTags.flatMap(({ table, columns }) =>
    columns
      .filter(({ name, dataClass }) => dataClass === 'contact' && !(`${table}.${name}` in NOT_SEALED))
      .map(({ name }): Column => ({ table, column: name, ...HOW[`${table}.${name}`] })),
  ),
  secrets: [
    { table: 'second_factor', column: 'secret', purpose: 'second-factor', key: 'person_id' },
    { table: 'sso_provider', column: 'client_secret', purpose: 'single-sign-on' },
    { table: 'notification_channel', column: 'secret_sealed', purpose: 'notification.channel' },
    { table: 'notice_delivery', column: 'address_sealed', purpose: 'notification.address' },
    { table: 'notice_delivery', column: 'link_sealed', purpose: 'notification.link' },
    { table: 'desk_intake', column: 'secret_sealed', purpose: 'desk.mailbox' },
    { table: 'cloud_connection', column: 'sealed_secret', purpose: 'cloud.connection' },
    { table: 'work_order_credential', column: 'sealed', purpose: 'provisioning.credential' },
  ],
}
