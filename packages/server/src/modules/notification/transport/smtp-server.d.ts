/** The part of the mail server that the tests use; the package carries no types of its own. */
declare module 'smtp-server' {
  import type { Server } from 'node:net'
  import type { Readable } from 'node:stream'

  interface Session {
    envelope: { mailFrom: { address: string } | false; rcptTo: { address: string }[] }
  }
  export class SMTPServer {
    server: Server
    constructor(options: {
      authOptional?: boolean
      disabledCommands?: string[]
      logger?: boolean
      onAuth?(
        auth: { username: string; password: string },
        session: Session,
        done: (error: Error | null, reply?: { user: string }) => void,
      ): void
      onRcptTo?(address: { address: string }, session: Session, done: (error?: Error) => void): void
      onData?(stream: Readable, session: Session, done: (error?: Error) => void): void
    })
    listen(port: number, host: string, done: () => void): void
    close(done: () => void): void
  }
}
