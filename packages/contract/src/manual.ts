import { z } from 'zod'
import { roleCodes } from './capability.ts'
import { endpoint } from './endpoint.ts'

export const manualApi = {
  print: endpoint({
    method: 'POST',
    path: '/manual/:role/print',
    summary: '一个角色的用户手册（Word）',
    access: 'signed-in',
    input: z.object({ role: z.enum(roleCodes) }),
    reply: z.unknown(),
    kind: 'download',
  }),
} as const
