// Reading a cloud now, and doing to the simulated one what nobody asked for.
import { z } from 'zod'
import { can, canAny, endpoint, nothing, text } from './endpoint.ts'
import { driftProblems } from './inventory.drift.ts'
import { commonProblems, problem } from './problem.ts'

export const cloudReadProblems = {
  notSimulated: problem('cloud.not-simulated', 409, {
    zh: '只有模拟云可以这样改动',
    en: 'Only a simulated cloud can be changed like this',
  }),
} as const

export const cloudReadApi = {
  readNow: endpoint({
    method: 'POST',
    path: '/cloud/readings',
    summary: '立即读取云上现有并与台账核对',
    access: canAny(['cloud.operate', 'X'], ['drift.decide', 'A']),
    input: z.object({}),
    reply: nothing,
    problems: [driftProblems.nothingToRead],
  }),
  tamper: endpoint({
    method: 'POST',
    path: '/cloud/simulator/tampering',
    summary: '在模拟云上绕过平台改动一项（演练差异核对）',
    access: can('cloud.simulate', 'X'),
    input: z.discriminatedUnion('do', [
      z.object({ do: z.literal('delete'), externalId: z.uuid() }),
      z.object({ do: z.literal('stop'), externalId: z.uuid() }),
      z.object({
        do: z.literal('resize'),
        externalId: z.uuid(),
        vcpu: z.int().min(1).max(1024).optional(),
        memGiB: z.int().min(1).max(16_384).optional(),
        gib: z.int().min(1).max(1_000_000).optional(),
      }),
      z.object({ do: z.literal('create'), name: text(63, 1), vcpu: z.int().min(1).max(1024), memGiB: z.int().min(1).max(16_384) }),
    ]),
    reply: nothing,
    problems: [cloudReadProblems.notSimulated, commonProblems.notFound],
  }),
}
