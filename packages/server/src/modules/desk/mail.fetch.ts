import { ImapFlow } from 'imapflow'
import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { FILE_BYTES_MAX } from '../../platform/files.ts'
import { type CronLine, cronLine, type JobKind, jobKind } from '../../platform/jobs.ts'
import type { Runtime } from '../../platform/runtime.ts'
import { MAILBOX_PURPOSE } from './intake.service.ts'
import { activeMailboxes, type IntakeRow, updateIntake } from './intake.store.ts'
import { plainText, subjectOf } from './mail.domain.ts'
import { parseLetter } from './mail.parse.ts'
import { type Incoming, takeLetter } from './mail.service.ts'

declare module '../../platform/ctx.ts' {
  interface Jobs {
    'desk.fetch-mail': Record<string, never>
  }
}
/** A letter larger than any attachment may be is not fetched; it still comes in by its envelope. */
const MAIL_BYTES_MAX = FILE_BYTES_MAX
/** Of one mailbox at a time; the rest comes with the next minute. */
const BATCH = 50
/** A server that is slow or silent is left for the next minute. */
const WAIT_MILLISECONDS = 20_000
const WHOLE_MILLISECONDS = 50_000
const ERROR_MAX = 300

const empty = (uid: number, mailbox: IntakeRow): Incoming => ({
  key: `imap:${mailbox.id}:${mailbox.uid_validity}:${uid}`,
  references: [],
  fromAddress: '',
  fromName: '',
  subject: subjectOf(''),
  body: '',
  sizeBytes: 0,
  sentAt: null,
  headers: {},
  isReport: false,
  attachments: [],
})

interface Envelope {
  subject?: string | undefined
  messageId?: string | undefined
  from?: { name?: string | undefined; address?: string | undefined }[] | undefined
}
const byEnvelope = (uid: number, mailbox: IntakeRow, size: number, envelope: Envelope | undefined): Incoming => ({
  ...empty(uid, mailbox),
  ...(envelope?.messageId && { key: envelope.messageId.replace(/^<|>$/g, '') }),
  fromAddress: plainText(envelope?.from?.[0]?.address ?? '', 200),
  fromName: plainText(envelope?.from?.[0]?.name ?? '', 100),
  subject: subjectOf(envelope?.subject),
  body: `信件 ${Math.ceil(size / 1_048_576)} MB，超过 ${MAIL_BYTES_MAX / 1_048_576} MB，没有收取。`,
  sizeBytes: size,
  kind: 'TOO_LARGE',
})
/** What is no letter comes in as such: a person looks at it in the mailbox itself. */
async function read(uid: number, mailbox: IntakeRow, source: Buffer): Promise<Incoming> {
  try {
    if (source.length > 0) return await parseLetter(source)
    return { ...empty(uid, mailbox), body: '邮箱没有给出这封信，请到邮箱里查看。', kind: 'UNREADABLE' }
  } catch {
    return { ...empty(uid, mailbox), body: '信件无法解析，请到邮箱里查看。', sizeBytes: source.length, kind: 'UNREADABLE' }
  }
}

/** The bytes of a letter, one more than may be; undefined when the server cannot give this one, so that it does not keep the others waiting. */
async function sourceOf(client: ImapFlow, uid: number): Promise<Buffer | undefined> {
  try {
    const found = await client.fetchOne(String(uid), { source: { maxLength: MAIL_BYTES_MAX + 1 } }, { uid: true })
    return found ? found.source : undefined
  } catch (error) {
    if (!client.usable) throw error
    return undefined
  }
}

/**
 * An attachment with malware is emptied, which names it among those not kept; the letter comes in all the same.
 * @throws ScannerDown: the letter stays in its mailbox until somebody can look into it
 */
async function withoutMalware({ scanner, log }: Runtime, letter: Incoming): Promise<Incoming> {
  if (!scanner) return letter
  const attachments = await Array.fromAsync(letter.attachments, async (one) => {
    const found = await scanner.scan(one.bytes)
    if (found) log.warn({ found }, 'malware in a letter was not kept')
    return found ? { ...one, bytes: Buffer.alloc(0) } : one
  })
  return { ...letter, attachments }
}

/** One look into one mailbox, outside any transaction; each letter is taken in one of its own. @returns how many were new */
export async function fetchMailbox(runtime: Runtime, given: IntakeRow, password: string): Promise<number> {
  const settings = given.settings
  if (!settings) throw new Error(`mailbox ${given.id} has no settings`)
  const enter = <T>(run: (ctx: Ctx) => Promise<T>): Promise<T> => runtime.door.enter({ actor: systemActor('desk') }, run)
  const client = new ImapFlow({
    host: settings.host,
    port: settings.port,
    secure: settings.secure,
    auth: { user: settings.user, pass: password },
    logger: false,
    connectionTimeout: WAIT_MILLISECONDS,
    greetingTimeout: WAIT_MILLISECONDS,
    socketTimeout: WAIT_MILLISECONDS,
  })
  // an error after the connection is told by the call that runs into it; without a listener it would end the process
  client.on('error', () => {})
  const guard = setTimeout(() => client.close(), WHOLE_MILLISECONDS)
  try {
    await client.connect()
    const lock = await client.getMailboxLock(settings.folder)
    try {
      const validity = String(client.mailbox ? client.mailbox.uidValidity : '')
      // a mailbox made anew counts from one again; what was taken before is known by its key
      const mailbox = { ...given, uid_validity: validity, last_uid: given.uid_validity === validity ? given.last_uid : 0 }
      const found = (await client.search({ uid: `${mailbox.last_uid + 1}:*` }, { uid: true })) || []
      // a server answers `n:*` with the last letter even when it is older
      const uids = found.filter((uid) => uid > mailbox.last_uid).sort((a, b) => a - b)
      let taken = 0
      for (const uid of uids.slice(0, BATCH)) {
        const told = await client.fetchOne(String(uid), { size: true, envelope: true }, { uid: true })
        const size = told ? Number(told.size ?? 0) : 0
        // deleted meanwhile: nothing to take
        if (!told) continue
        const bytes = size <= MAIL_BYTES_MAX ? await sourceOf(client, uid) : undefined
        const tooLarge = size > MAIL_BYTES_MAX || (bytes !== undefined && bytes.length > MAIL_BYTES_MAX)
        const letter = tooLarge
          ? byEnvelope(uid, mailbox, Math.max(size, bytes?.length ?? 0), told.envelope)
          : await read(uid, mailbox, bytes ?? Buffer.alloc(0))
        const clean = await withoutMalware(runtime, letter)
        const isNew = await enter(async (ctx) => {
          await updateIntake(ctx.db, mailbox.id, { uid_validity: validity, last_uid: uid })
          return takeLetter(ctx, mailbox, uid, clean)
        })
        if (isNew) taken += 1
        await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true })
      }
      await enter((ctx) => updateIntake(ctx.db, mailbox.id, { last_ok_at: ctx.now, last_error: null, uid_validity: validity }))
      return taken
    } finally {
      lock.release()
    }
  } finally {
    clearTimeout(guard)
    await client.logout().catch(() => client.close())
  }
}

/** Every mailbox in force; one that is down is told on its page and tried again the next minute. */
export async function fetchAllMail(runtime: Runtime): Promise<number> {
  const entry = { actor: systemActor('desk') }
  const mailboxes = await runtime.door.enter(entry, async (ctx) =>
    (await activeMailboxes(ctx.db)).map((row) => ({ row, password: ctx.crypto.open(MAILBOX_PURPOSE, row.secret_sealed ?? '') })),
  )
  let taken = 0
  for (const { row, password } of mailboxes)
    try {
      taken += await fetchMailbox(runtime, row, password)
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).slice(0, ERROR_MAX)
      runtime.log.warn({ err: error, mailbox: row.id }, 'a mailbox could not be read, it is tried again')
      await runtime.door.enter(entry, (ctx) => updateIntake(ctx.db, row.id, { last_error: plainText(reason, ERROR_MAX) }))
    }
  return taken
}
export const deskJobs = (runtime: () => Runtime): JobKind[] => [
  jobKind({ name: 'desk.fetch-mail', keyed: true, handler: async () => void (await fetchAllMail(runtime())) }),
]
export const deskCron: CronLine[] = [cronLine({ job: 'desk.fetch-mail', cron: '* * * * *', payload: {} })]
