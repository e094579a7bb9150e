/** The part of the IMAP server that the tests use; the package carries no types of its own. */
declare module 'hoodiecrow-imap' {
  import type { Server } from 'node:net'

  interface Hoodiecrow {
    server: Server
    listen(port: number, done: () => void): void
    close(done: () => void): void
    appendMessage(mailbox: string, flags: string[], internalDate: Date | false, raw: Buffer | string): void
  }
  export default function hoodiecrow(options: {
    plugins: string[]
    storage: Record<string, { messages?: { raw: string | Buffer; internaldate?: string }[]; uidnext?: number; uidvalidity?: number }>
  }): Hoodiecrow
}
