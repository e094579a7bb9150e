// What the pools hold, how long it will last, and what is being built.
import { z } from 'zod'
import { can, day, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { name, person } from './inventory.basics.ts'
import { Allocation, Amounts } from './inventory.house.ts'
import { inventoryProblems } from './inventory.kinds.ts'
import { commonProblems, problem } from './problem.ts'

/** One amount of one pool: how much was taken, week by week, and until when it lasts at that pace. */
/** What monitoring saw of an amount, beside what is promised of it: the sum of the peaks of one day a week. */
export const MeasuredUse = z.object({
  used: z.number(),
  /** What is really there, without overcommit. */
  there: z.number(),
  /** Share of what is promised by size that was measured on the last day, 0..1. */
  coverage: z.number(),
  weeks: z.array(z.object({ on: day, taken: z.number() })),
  perWeek: z.number().nullable(),
  exhaustedOn: day.nullable(),
})
export type MeasuredUse = z.output<typeof MeasuredUse>
export const AmountOutlook = z.object({
  /** Null: nothing of it is measured. */
  measured: MeasuredUse.nullable(),
  what: Amounts.keyof(),
  usable: z.number(),
  taken: z.number(),
  /** Promised and used at the end of each week, oldest first; the last is now. */
  weeks: z.array(z.object({ on: day, taken: z.number() })),
  /** Of the straight line through the weeks; null: too few weeks to tell. */
  perWeek: z.number().nullable(),
  /** When the line reaches what is usable; null: not within five years, or nothing can be told. */
  exhaustedOn: day.nullable(),
  /** What projects under way will add. */
  coming: z.number(),
})
export type AmountOutlook = z.output<typeof AmountOutlook>
export const PoolOutlook = z.object({ id: z.uuid(), name: z.string(), code: z.string(), zone: z.string(), amounts: z.array(AmountOutlook) })
export type PoolOutlook = z.output<typeof PoolOutlook>
/** Capacity somebody waits for, as the matter it belongs to tells. */
export const CapacityDemand = z.object({
  id: z.uuid(),
  number: z.string(),
  title: z.string(),
  link: z.string(),
  /** Amounts that are short, by name. */
  shortage: z.record(z.string(), z.number()),
  status: z.enum(['OPEN', 'READY', 'CANNOT']),
  readyOn: day.nullable(),
  since: instant,
})
export type CapacityDemand = z.output<typeof CapacityDemand>
export const CapacityOutlook = z.object({
  at: instant,
  pools: z.array(PoolOutlook),
  /** Promised and not used yet, oldest first, at most 200. */
  reservations: z.array(Allocation.extend({ poolName: z.string() })),
  demands: z.array(CapacityDemand),
})
export type CapacityOutlook = z.output<typeof CapacityOutlook>

export const Milestone = z.object({ id: z.uuid(), name, dueOn: day, doneOn: day.nullable(), evidence: text(500) })
export const BuildProject = z.object({
  id: z.uuid(),
  rev: z.int(),
  number: z.string(),
  name: z.string(),
  poolId: z.uuid(),
  poolName: z.string(),
  amounts: Amounts,
  reason: z.string(),
  milestones: z.array(Milestone),
  dueOn: day,
  status: z.enum(['BUILDING', 'DELIVERED', 'CANCELLED']),
  createdBy: person,
  createdAt: instant,
  endedAt: instant.nullable(),
  endedByName: z.string().nullable(),
  comment: z.string(),
})
export type BuildProject = z.output<typeof BuildProject>
export const CapacityPlan = z.object({
  id: z.uuid(),
  quarter: z.string(),
  version: z.int(),
  summary: z.string(),
  measures: z.string(),
  /** As it was when the plan was made. */
  outlook: z.array(PoolOutlook),
  madeBy: person,
  madeAt: instant,
})
export type CapacityPlan = z.output<typeof CapacityPlan>

export const capacityProblems = {
  ended: problem('capacity.project-ended', 409, { zh: '这个建设项目已经结束', en: 'This project has ended' }),
  milestonesOpen: problem('capacity.milestones-open', 409, {
    zh: '还有 {count} 个里程碑没有完成，不能交付',
    en: '{count} milestones are not done; it cannot be delivered',
  }),
  nothingAdded: problem('capacity.nothing-added', 422, { zh: '请写明要增加的容量', en: 'Say what it adds' }),
} as const

export const capacityApi = {
  outlook: endpoint({
    method: 'GET',
    path: '/capacity/outlook',
    summary: '各资源池的占用、趋势与耗尽日期，已批准的预留，等待容量的需求',
    access: can('pool.read', 'R'),
    input: z.object({}),
    reply: CapacityOutlook,
  }),
  projects: endpoint({
    method: 'GET',
    path: '/capacity/projects',
    summary: '建设项目，新的在前',
    access: can('pool.read', 'R'),
    input: pageInput.extend({ status: BuildProject.shape.status.optional() }),
    reply: page(BuildProject),
  }),
  startProject: endpoint({
    method: 'POST',
    path: '/capacity/projects',
    summary: '建立建设项目：为哪个资源池增加多少容量、里程碑',
    access: can('capacity.build', 'C'),
    input: z.object({
      name,
      poolId: z.uuid(),
      amounts: Amounts,
      reason: text(2000, 1),
      dueOn: day,
      milestones: z
        .array(z.object({ name, dueOn: day }))
        .min(1)
        .max(30),
    }),
    reply: BuildProject,
    problems: [commonProblems.notFound, inventoryProblems.retired, capacityProblems.nothingAdded],
  }),
  reachMilestone: endpoint({
    method: 'POST',
    path: '/capacity/projects/:id/milestones/:milestoneId',
    summary: '登记里程碑完成',
    access: can('capacity.build', 'U'),
    input: z.object({ id: z.uuid(), rev: z.int(), milestoneId: z.uuid(), doneOn: day, evidence: text(500, 1) }),
    reply: BuildProject,
    problems: [commonProblems.notFound, commonProblems.stale, capacityProblems.ended],
  }),
  deliverProject: endpoint({
    method: 'POST',
    path: '/capacity/projects/:id/deliver',
    summary: '交付：容量并入资源池',
    access: can('capacity.build', 'U'),
    input: z.object({ id: z.uuid(), rev: z.int(), comment: text(500, 1) }),
    reply: BuildProject,
    problems: [
      commonProblems.notFound,
      commonProblems.stale,
      inventoryProblems.retired,
      capacityProblems.ended,
      capacityProblems.milestonesOpen,
    ],
  }),
  cancelProject: endpoint({
    method: 'POST',
    path: '/capacity/projects/:id/cancel',
    summary: '终止建设项目',
    access: can('capacity.build', 'U'),
    input: z.object({ id: z.uuid(), rev: z.int(), comment: text(500, 1) }),
    reply: BuildProject,
    problems: [commonProblems.notFound, commonProblems.stale, capacityProblems.ended],
  }),
  plans: endpoint({
    method: 'GET',
    path: '/capacity/plans',
    summary: '季度容量计划，新的在前',
    access: can('pool.read', 'R'),
    input: pageInput,
    reply: page(CapacityPlan),
  }),
  makePlan: endpoint({
    method: 'POST',
    path: '/capacity/plans',
    summary: '制定本季度容量计划，附当时的容量展望',
    access: can('capacity.build', 'C'),
    input: z.object({ summary: text(4000, 1), measures: text(4000, 1) }),
    reply: CapacityPlan,
  }),
}
