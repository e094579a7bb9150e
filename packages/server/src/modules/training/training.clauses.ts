import type { Ctx } from '../../platform/ctx.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { bureauHolders } from '../identity/index.ts'
import { type ClauseSource, type ClauseSpan, lookedAt, obligation, paramsOn, requirePlan } from '../plan/index.ts'
import { hasAllTopics, hasFourElements } from './training.domain.ts'
import { anyTrainingBefore, materialsOf, passesBetween, peopleOf, type TrainingRow, trainingsHeld } from './training.store.ts'

const held = (of: string, kept: (row: TrainingRow, materials: number, ctx: Ctx) => Promise<boolean>): ClauseSource => ({
  of,
  meter: 'complete',
  async read(ctx: Ctx, { from, to }: ClauseSpan) {
    const rows = await trainingsHeld(ctx.db, from, to)
    const materials = await materialsOf(
      ctx.db,
      rows.map(({ id }) => id),
    )
    const found = []
    for (const row of rows) {
      found.push(
        obligation({
          id: `${of}:${row.id}`,
          subject: { type: 'training', id: row.id, label: `${row.year} 第 ${row.seq} 期` },
          dueAt: String(row.held_to),
          doneAt: String(row.held_to),
          kept: await kept(row, materials.filter((one) => one.training_id === row.id).length, ctx),
          evidence: [{ type: 'training', id: row.id }],
        }),
      )
    }
    return found
  },
})

/** @clause 5.9.1-1 5.9.1-2 5.9.2-1 5.9.2-2 */
export const trainingClauses: readonly ClauseSource[] = [
  {
    of: 'training-held',
    meter: 'rhythm',
    async events(ctx, { from, to }) {
      const rows = await trainingsHeld(ctx.db, from, to)
      const people = await peopleOf(
        ctx.db,
        rows.map(({ id }) => id),
      )
      return rows.map((row) => ({
        at: String(row.held_to),
        type: 'training',
        id: row.id,
        valid: people.some((one) => one.training_id === row.id && one.signed_in_at !== null),
      }))
    },
    begun: (ctx, before) => anyTrainingBefore(ctx.db, before),
  },
  {
    // each administrator on the register: a test passed in the calendar year that is looked at
    of: 'administrators-passed',
    meter: 'holds',
    async read(ctx, span) {
      const at = lookedAt(span)
      const yearFrom = shanghaiDay(at).with({ month: 1, day: 1 }).toZonedDateTime('Asia/Shanghai').toInstant()
      const passes = new Map((await passesBetween(ctx.db, yearFrom, at)).map((one) => [one.person_id, one.id]))
      const people = [...new Map((await bureauHolders(ctx, 'TENANT_ADMIN', at)).map((one) => [one.personId, one])).values()]
      return people.map((one) => {
        const exam = passes.get(one.personId)
        return obligation({
          id: `administrator:${one.personId}`,
          subject: { type: 'person', id: one.personId, label: one.name },
          tenantId: one.tenantId,
          dueAt: at.toString(),
          doneAt: at.toString(),
          kept: exam !== undefined,
          evidence: exam ? [{ type: 'training-exam', id: exam }] : [],
        })
      })
    },
  },
  held('training-topics', async (row) => hasAllTopics(row.topics)),
  held('training-form', async (row, materials, ctx) => {
    const days = paramsOn(await requirePlan(ctx), shanghaiDay(row.held_to ?? ctx.now)).number('training.days')
    return hasFourElements(row, materials, days)
  }),
]
