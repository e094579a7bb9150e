import { z } from 'zod'
import { canAny, endpoint, instant, page, pageInput, text } from './endpoint.ts'
import { problem } from './problem.ts'

const words = z.strictObject({ zh: text(1000, 1), en: text(1000, 1) })
export type Words = z.output<typeof words>
const key = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/)
const roleWord = z.string().regex(/^[A-Z][A-Z_]{2,39}$/)

/** One value a trainee must have put in: a path into the paper, and what must stand there. */
export const Wanted = z
  .strictObject({
    path: z.string().regex(/^\w+(\.\w+)*$/),
    is: z.union([z.string(), z.number(), z.boolean()]).optional(),
    /** Must hold this text. */
    has: z.string().min(1).optional(),
    /** Must not hold this text: what a sample brought, for example. */
    without: z.string().min(1).optional(),
    because: words,
  })
  .refine(({ is, has, without }) => [is, has, without].filter((one) => one !== undefined).length === 1, 'one of is, has, without')
export type Wanted = z.output<typeof Wanted>

export const ScenarioStep = z.strictObject({
  key,
  title: words,
  /** What to do, and what with. */
  task: words,
  /** Told one after another when asked for; each costs part of the step's points. */
  hints: z.array(words).max(4).default([]),
  /** The page to begin at; `{application}` and such are filled in from the sandbox. */
  path: z.string().startsWith('/').max(200).nullable().default(null),
  points: z.int().min(0).max(100),
  /** Done when the ledger of the practice world holds this fact of the sandbox. */
  expect: z.strictObject({
    fact: z.string().regex(/^[a-z-]+\.[a-z-]+$/),
    /** TRAINEE: done by their own hand; OTHER: by whoever plays the others. */
    by: z.enum(['TRAINEE', 'OTHER', 'ANYBODY']).default('TRAINEE'),
  }),
  /** Looked up in the paper as it was when the fact was written. */
  wants: z.array(Wanted).max(12).default([]),
})
export type ScenarioStep = z.output<typeof ScenarioStep>

/** What another role does with a step of the process when nobody plays it. */
export const ScenarioPart = z.strictObject({
  node: z.string().min(1).max(80),
  role: roleWord,
  outcome: z.string().min(1).max(60).optional(),
  data: z.record(z.string(), z.unknown()).default({}),
  comment: text(500).default(''),
  /** The first time it goes back instead, with these reasons, so that the trainee learns what a return looks like. */
  first: z
    .strictObject({
      returnTo: z.string().min(1).max(80),
      reasons: z
        .array(z.strictObject({ field: text(200), text: text(500, 1) }))
        .min(1)
        .max(5),
    })
    .optional(),
})
export type ScenarioPart = z.output<typeof ScenarioPart>

/** A file of `plan/<name>/training`. */
export const Scenario = z.strictObject({
  key,
  title: words,
  summary: words,
  topic: z.enum(['VM_USE', 'NETWORK_USE', 'REQUEST_CHANGE', 'FAULT_REPORT']),
  /** What the trainee is in the sandbox bureau. */
  role: roleWord,
  /** What must lie ready: a granted admission, applications with servers. */
  ready: z.array(z.enum(['ADMISSION', 'APPLICATION'])).default([]),
  /** Whoever needs longer loses points. */
  minutes: z.int().min(1).max(480),
  passScore: z.int().min(1).max(100),
  /** The role an instructor plays when the run asks for one. */
  instructor: roleWord,
  steps: z.array(ScenarioStep).min(1).max(20),
  others: z.array(ScenarioPart).max(40).default([]),
})
export type Scenario = z.output<typeof Scenario>

export const PracticeState = z.enum(['PREPARING', 'RUNNING', 'CLEARING', 'DONE', 'LOST'])
export const PracticeReviewer = z.enum(['AUTO', 'INSTRUCTOR'])
/** `slips`: values that were not as the task said. */
export const StepProgress = z.object({
  key: z.string(),
  doneAt: instant.nullable(),
  points: z.number(),
  slips: z.array(words),
})
export type StepProgress = z.output<typeof StepProgress>

const ScenarioBrief = z.object({ key: z.string(), title: words, summary: words, topic: z.string(), role: z.string(), minutes: z.int() })
export const PracticeRunBrief = z.object({
  id: z.uuid(),
  scenario: ScenarioBrief,
  personId: z.uuid(),
  name: z.string(),
  tenantName: z.string().nullable(),
  reviewer: PracticeReviewer,
  instructorName: z.string().nullable(),
  state: PracticeState,
  attempt: z.int(),
  stepsDone: z.int(),
  steps: z.int(),
  hints: z.int(),
  begunAt: instant,
  endedAt: instant.nullable(),
  score: z.int().nullable(),
  passed: z.boolean().nullable(),
})
export type PracticeRunBrief = z.output<typeof PracticeRunBrief>

export const PracticeResult = z.object({
  /** 0 to 100 each; the score is the first less the second. */
  correctness: z.number(),
  timeLost: z.number(),
  minutes: z.number(),
  hints: z.int(),
  slips: z.int(),
})
export type PracticeResult = z.output<typeof PracticeResult>

export const PracticeRun = PracticeRunBrief.extend({
  passScore: z.int(),
  items: z.array(
    z.object({
      key: z.string(),
      title: words,
      task: words,
      path: z.string().nullable(),
      points: z.number(),
      worth: z.int(),
      doneAt: instant.nullable(),
      slips: z.array(words),
      /** Those asked for so far. */
      hints: z.array(words),
      hintsLeft: z.int(),
    }),
  ),
  result: PracticeResult.nullable(),
  lostBecause: z.string().nullable(),
  now: instant,
  may: z.array(z.enum(['ENTER', 'HINT', 'RESET', 'END', 'JOIN'])),
})
export type PracticeRun = z.output<typeof PracticeRun>

export const practiceProblems = {
  noScenario: problem('practice.no-scenario', 404, { zh: '没有这个练习', en: 'There is no such exercise' }),
  open: problem('practice.open', 409, {
    zh: '你有一个练习还没有结束，请先继续或结束它',
    en: 'You have an exercise under way; go on with it or end it first',
  }),
  wrongStep: problem('practice.wrong-step', 409, { zh: '这次练习现在不能这样做', en: 'The exercise is not at this point' }),
  noHint: problem('practice.no-hint', 409, { zh: '这一步没有更多提示', en: 'There is no further hint for this step' }),
} as const

/** Whoever may attend a training, and the project managers whose daily work it is; no duty of the plan depends on it. */
const practise = canAny(['training.attend', 'X'], ['training.manage', 'r'], ['training.manage', 'C'])
const instruct = canAny(['training.manage', 'C'])
const one = z.object({ runId: z.uuid() })
const step = [practiceProblems.wrongStep]

export const practiceApi = {
  scenarios: endpoint({
    method: 'GET',
    path: '/practice/scenarios',
    summary: '可以做的练习，连同本人的成绩',
    access: practise,
    input: z.object({}),
    reply: z.object({
      items: z.array(
        ScenarioBrief.extend({ steps: z.int(), passScore: z.int(), tries: z.int(), best: z.int().nullable(), passed: z.boolean() }),
      ),
    }),
  }),
  runs: endpoint({
    method: 'GET',
    path: '/practice/runs',
    summary: '练习记录：教员看全部，其他人看本人',
    access: practise,
    input: pageInput.extend({ state: z.enum(['open', 'ended', 'all']).default('all'), mine: z.stringbool().default(false) }),
    reply: page(PracticeRunBrief),
  }),
  current: endpoint({
    method: 'GET',
    path: '/practice/current',
    summary: '本人正在做的练习；教员为其加入的那一次',
    access: practise,
    input: z.object({}),
    reply: z.object({ run: PracticeRun.nullable() }),
  }),
  get: endpoint({ method: 'GET', path: '/practice/runs/:runId', summary: '一次练习', access: practise, input: one, reply: PracticeRun }),
  begin: endpoint({
    method: 'POST',
    path: '/practice/runs',
    summary: '开始练习：准备一个练习单位',
    access: practise,
    input: z.object({ scenario: key, reviewer: PracticeReviewer.default('AUTO') }),
    reply: PracticeRun,
    problems: [practiceProblems.noScenario, practiceProblems.open],
  }),
  hint: endpoint({
    method: 'POST',
    path: '/practice/runs/:runId/hints',
    summary: '看下一条提示；扣这一步的一部分分数',
    access: practise,
    input: one.extend({ step: key }),
    reply: PracticeRun,
    problems: [...step, practiceProblems.noHint],
  }),
  reset: endpoint({
    method: 'POST',
    path: '/practice/runs/:runId/reset',
    summary: '重来：换一个新的练习单位',
    access: practise,
    input: one,
    reply: PracticeRun,
    problems: step,
  }),
  end: endpoint({
    method: 'POST',
    path: '/practice/runs/:runId/end',
    summary: '结束并评分；练习单位随后清空',
    access: practise,
    input: one,
    reply: PracticeRun,
    problems: step,
  }),
  join: endpoint({
    method: 'POST',
    path: '/practice/runs/:runId/join',
    summary: '教员加入，办理其中一个角色',
    access: instruct,
    input: one,
    reply: PracticeRun,
    problems: step,
  }),
} as const
