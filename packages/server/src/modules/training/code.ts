import { createHmac } from 'node:crypto'
import type { Ctx } from '../../platform/ctx.ts'

const HOUR_MILLISECONDS = 3_600_000
const LENGTH = 8

/** The code of a session for the hour of an instant: from the installation's own key, kept nowhere. */
export const codeAt = (ctx: Ctx, trainingId: string, at: Temporal.Instant): string =>
  createHmac('sha256', ctx.crypto.derive('training.sign-in'))
    .update(`${trainingId}:${Math.floor(at.epochMilliseconds / HOUR_MILLISECONDS)}`)
    .digest('hex')
    .slice(0, LENGTH)
    .toUpperCase()
export const codeUntil = (at: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.fromEpochMilliseconds((Math.floor(at.epochMilliseconds / HOUR_MILLISECONDS) + 1) * HOUR_MILLISECONDS)
