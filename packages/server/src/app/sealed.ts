import type { SealedPlaces } from '../platform/reseal.ts'

/** What is encrypted at rest: personal data column by column, and what modules seal for a purpose. A test compares it with the data tags. */
export const sealedPlaces: SealedPlaces = {
  columns: [
    { table: 'person', column: 'phone', index: { column: 'phone_index', domain: 'phone' } },
    { table: 'person', column: 'email', index: { column: 'email_index', domain: 'email' } },
    { table: 'bureau_registration', column: 'pm_phone' },
    { table: 'bureau_registration', column: 'pm_email' },
    { table: 'bureau_registration', column: 'tl_phone' },
    { table: 'bureau_registration', column: 'tl_email' },
    { table: 'incident', column: 'reporter_phone', index: { column: 'reporter_phone_index', domain: 'phone' } },
    { table: 'hotline_call', column: 'phone', index: { column: 'phone_index', domain: 'phone' }, clears: 'phone_digits' },
    { table: 'desk_ring', column: 'phone', index: { column: 'phone_index', domain: 'phone' }, clears: 'phone_digits' },
  ],
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
