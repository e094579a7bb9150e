import type { MatterStatus } from '@changbai/contract/forms.ts'
import type { Ctx, Events } from '../../platform/ctx.ts'
import type { Db } from '../../platform/db.ts'
import { personNames } from '../identity/index.ts'
import { ENDED, statusAt } from './domain/admission.ts'
import { closeStep, openStep, returnSteps, type Step } from './domain/steps.ts'
import { closeForms, openForms } from './form.service.ts'
import { addReview } from './matter.service.ts'
import type { MatterType } from './matter.store.ts'

// The engine tells what happened; the matter's own row follows: its status (section 1 of the domain), its open steps, its editable forms.
// Admissions and requests follow alike.

interface MatterRow {
  id: string
  tenant_id: string
  form_id: string
  catalog_id: string
  status: MatterStatus
  steps: Step[]
  round: number
  returned: boolean
  reviewed: boolean
}
interface MatterChange {
  status?: MatterStatus
  /** JSON of Step[]. */
  steps?: string
  reviewed?: boolean
  returned?: boolean
  round?: number
}

export interface MatterKind<R extends MatterRow> {
  type: MatterType
  processKey: string
  /** Steps of the applicant: when one opens again by a return or a recall, the papers open too. */
  applicantSteps: ReadonlySet<string>
  lock(db: Db, id: string): Promise<R | undefined>
  update(db: Db, id: string, change: MatterChange, at: Temporal.Instant): Promise<unknown>
  /** Decided already: the end of its process changes its status no more. */
  isDecided(row: R): boolean
}

export interface MatterReactions {
  stepOpened(ctx: Ctx, task: Events['task.created']): Promise<void>
  stepDone(ctx: Ctx, task: Events['task.completed']): Promise<void>
  stepReassigned(ctx: Ctx, task: Events['task.assigned']): Promise<void>
  stepReturned(ctx: Ctx, task: Events['task.returned']): Promise<void>
  stepRecalled(ctx: Ctx, task: Events['task.recalled']): Promise<void>
  instanceEnded(ctx: Ctx, instance: Events['instance.ended']): Promise<void>
}

/** An open step as the matter's row keeps it. */
async function stepOf(ctx: Ctx, task: Events['task.created']): Promise<Step> {
  const names = task.assignee ? await personNames(ctx, [task.assignee]) : new Map<string, string>()
  return {
    taskId: task.taskId,
    node: task.node,
    name: task.name,
    assigneeName: task.assignee ? (names.get(task.assignee) ?? null) : null,
    candidateRoles: task.roles,
    since: ctx.now.toString(),
    dueAt: task.dueAt?.toString() ?? null,
  }
}

/** The status of a matter whose process was ended from outside: before the first review that is a withdrawal. */
const statusOfCancelled = (row: { reviewed: boolean }): MatterStatus => (row.reviewed ? 'CANCELLED' : 'WITHDRAWN')

export function matterReactions<R extends MatterRow>(kind: MatterKind<R>): MatterReactions {
  const { type, applicantSteps } = kind
  const rowFor = async (ctx: Ctx, told: { processKey: string; businessKey: string }): Promise<R | undefined> =>
    told.processKey === kind.processKey ? kind.lock(ctx.db, told.businessKey) : undefined
  const save = (ctx: Ctx, row: R, { steps, ...change }: Omit<MatterChange, 'steps'> & { steps: readonly Step[] }) =>
    kind.update(ctx.db, row.id, { ...change, steps: JSON.stringify(steps) }, ctx.now)
  const papersOf = (row: R): string[] => [row.form_id, row.catalog_id]

  return {
    async stepOpened(ctx, task) {
      const row = await rowFor(ctx, task)
      if (!row || task.kind === 'ADDED') return
      await save(ctx, row, { status: statusAt(task.node, row) ?? row.status, steps: openStep(row.steps, await stepOf(ctx, task)) })
    },

    async stepDone(ctx, task) {
      const row = await rowFor(ctx, task)
      if (row) await save(ctx, row, { steps: closeStep(row.steps, task.taskId) })
    },

    async stepReassigned(ctx, task) {
      const row = await rowFor(ctx, task)
      const before = row?.steps.find((step) => step.taskId === task.taskId)
      if (!row || !before) return
      await save(ctx, row, { steps: openStep(row.steps, { ...(await stepOf(ctx, task)), since: before.since }) })
    },

    /** 退回: a new round begins; back at the applicant both papers open again. */
    async stepReturned(ctx, task) {
      const row = await rowFor(ctx, task)
      if (!row) return
      const toApplicant = applicantSteps.has(task.toNode)
      await addReview(
        ctx,
        { type, id: row.id, round: row.round },
        { node: task.node, roles: task.roles, result: 'RETURN', comment: task.comment ?? '', points: task.reasons },
      )
      if (toApplicant) await openForms(ctx, papersOf(row))
      await save(ctx, row, {
        reviewed: true,
        round: row.round + 1,
        returned: toApplicant,
        ...(toApplicant ? { status: 'RETURNED' as const } : {}),
        steps: returnSteps(row.steps, task.toNode),
      })
      await ctx.record({
        kind: `${type}.returned`,
        subject: { type, id: row.id },
        tenantId: row.tenant_id,
        data: { node: task.node, toNode: task.toNode, reasons: task.reasons },
      })
    },

    /** 收回 of the applicant's own step: the papers open again. */
    async stepRecalled(ctx, task) {
      const row = await rowFor(ctx, task)
      if (!row) return
      if (applicantSteps.has(task.node)) await openForms(ctx, papersOf(row))
      await save(ctx, row, { steps: returnSteps(row.steps, task.node) })
    },

    async instanceEnded(ctx, instance) {
      const row = await rowFor(ctx, instance)
      if (!row) return
      const status = instance.status === 'COMPLETED' || ENDED.has(row.status) || kind.isDecided(row) ? row.status : statusOfCancelled(row)
      await save(ctx, row, { status, steps: [] })
      await closeForms(ctx, papersOf(row))
      if (status === row.status) return
      await ctx.record({
        kind: status === 'WITHDRAWN' ? `${type}.withdrawn` : `${type}.cancelled`,
        subject: { type, id: row.id },
        tenantId: row.tenant_id,
        before: { status: row.status },
        after: { status },
        data: { reason: instance.reason },
      })
    },
  }
}
