import { z } from 'zod'
import { can, endpoint, instant } from './endpoint.ts'
import { who } from './provisioning.kinds.ts'
import { provisioningProblems } from './provisioning.problems.ts'

/** The credentials of one server or user. What is secret is shown once and then gone. */
export const credentialBrief = z.object({
  id: z.uuid(),
  lineId: z.uuid(),
  label: z.string(),
  state: z.enum(['READY', 'COLLECTED', 'EXPIRED', 'REPLACED']),
  readyAt: instant,
  /** When the current link ends. */
  linkEndsAt: instant.nullable(),
  collectedAt: instant.nullable(),
  collectedBy: who.nullable(),
})

export const newCredentialLink = endpoint({
  method: 'POST',
  path: '/work-orders/:workOrderId/credential-links',
  summary: '重新取得凭据领取链接；旧链接作废',
  access: can('credential.view', 'X'),
  input: z.object({ workOrderId: z.uuid() }),
  /** `token` goes into `/credentials/<token>` and is shown here only. */
  reply: z.object({ token: z.string(), endsAt: instant, credentials: z.int() }),
  problems: [provisioningProblems.wrongState, provisioningProblems.alreadyCollected],
})

export const collectCredentials = endpoint({
  method: 'POST',
  path: '/credentials/collect',
  summary: '领取凭据，只显示这一次',
  access: can('credential.view', 'X'),
  input: z.object({ token: z.string().min(20).max(200) }),
  reply: z.object({
    workOrderId: z.uuid(),
    workOrderNo: z.string(),
    /** Signing in for the first time, the password must be changed. */
    items: z.array(
      z.object({ label: z.string(), address: z.string().nullable(), user: z.string(), password: z.string(), note: z.string() }),
    ),
  }),
  problems: [provisioningProblems.notCollectable, provisioningProblems.alreadyCollected],
})
