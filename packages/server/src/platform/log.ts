import { type Logger, pino } from 'pino'

export type Log = Logger

/** Structured logs to standard output: one JSON object a line. Secrets are cut out by name wherever they turn up. */
export const createLog = (level: string): Log =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['*.password', '*.token', '*.secret', '*.authorization', '*.cookie', 'req.headers.cookie', 'req.headers.authorization'],
      censor: '[cut]',
    },
  })
