import type { Input, Reply } from '@changbai/contract/endpoint.ts'
import { commonProblems } from '@changbai/contract/problem.ts'
import {
  type Coverage,
  type TrainingDetail,
  type TrainingSession,
  type trainingApi,
  trainingProblems,
} from '@changbai/contract/training.ts'
import { actorCan, personOf } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fail } from '../../platform/fail.ts'
import { attachFile, fileInfo } from '../../platform/files.ts'
import { newId } from '../../platform/ids.ts'
import { nextNumber } from '../../platform/numbers.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { loadCalendar } from '../calendar/index.ts'
import { bureauHolders, tenantNames } from '../identity/index.ts'

import { codeAt, codeUntil } from './code.ts'
import { TOPICS, yearOfSessions } from './training.domain.ts'
import { tellInvited } from './training.notices.ts'
import * as store from './training.store.ts'

type Api = typeof trainingApi
type Row = store.TrainingRow

const manages = (ctx: Ctx): boolean => actorCan(ctx.actor, 'training.manage', 'C')
const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.round((values.reduce((sum, one) => sum + one, 0) / values.length) * 100) / 100

async function sessions(ctx: Ctx, rows: readonly Row[]): Promise<TrainingSession[]> {
  const ids = rows.map(({ id }) => id)
  const people = await store.peopleOf(ctx.db, ids)
  const exams = await store.examsOf(ctx.db, ids)
  const surveys = await store.surveysOf(ctx.db, ids)
  return rows.map((row) => {
    const own = people.filter((one) => one.training_id === row.id)
    const answered = surveys.filter((one) => one.training_id === row.id)
    return {
      id: row.id,
      number: row.number,
      year: row.year,
      seq: row.seq,
      plannedOn: row.planned_on.toString(),
      course: row.course,
      topics: row.topics,
      days: row.days,
      audience: row.audience,
      venue: row.venue,
      trainers: row.trainers,
      status: row.status,
      heldFrom: row.held_from?.toString() ?? null,
      heldTo: row.held_to?.toString() ?? null,
      effect: row.effect,
      improvements: row.improvements,
      invited: own.filter((one) => one.invited_at).length,
      coming: own.filter((one) => one.coming).length,
      signedIn: own.filter((one) => one.signed_in_at).length,
      passed: new Set(exams.filter((one) => one.training_id === row.id && one.passed).map((one) => one.person_id)).size,
      satisfaction: mean(answered.flatMap((one) => [one.content, one.trainer, one.organization, one.usefulness])),
      surveyed: answered.length,
    }
  })
}

/** How far each bureau's administrators are trained, in one calendar year. */
async function coverageOf(ctx: Ctx, year: number): Promise<Coverage[]> {
  const from = Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime('Asia/Shanghai').toInstant()
  const to = Temporal.PlainDate.from({ year: year + 1, month: 1, day: 1 })
    .toZonedDateTime('Asia/Shanghai')
    .toInstant()
  const admins = await bureauHolders(ctx, 'TENANT_ADMIN', ctx.now)
  const trained = new Set(
    (
      await store.peopleOf(
        ctx.db,
        (await store.trainingsHeld(ctx.db, from, to)).map(({ id }) => id),
      )
    )
      .filter((one) => one.signed_in_at)
      .map((one) => one.person_id),
  )
  const passed = new Set((await store.passesBetween(ctx.db, from, to)).map(({ person_id }) => person_id))
  const names = await tenantNames(ctx, [...new Set(admins.map(({ tenantId }) => tenantId))])
  return [...names].map(([tenantId, tenantName]) => {
    const own = admins.filter((one) => one.tenantId === tenantId)
    return {
      tenantId,
      tenantName,
      admins: own.length,
      trained: own.filter((one) => trained.has(one.personId)).length,
      passed: own.filter((one) => passed.has(one.personId)).length,
    }
  })
}

export async function listTrainings(ctx: Ctx, input: Input<Api['list']>): Promise<Reply<Api['list']>> {
  const year = input.year ?? shanghaiDay(ctx.now).year
  // which bureau has trained how many is the provider's and the customer's to see, not another bureau's
  const sees = manages(ctx) || ctx.actor.grants.some(({ role }) => role === 'CUSTOMER_OM_MANAGER')
  return {
    year,
    perYear: ctx.plan.number('training.perYear'),
    items: await sessions(ctx, await store.trainingsOf(ctx.db, year)),
    coverage: sees ? await coverageOf(ctx, year) : [],
  }
}

export async function toDetail(ctx: Ctx, row: Row): Promise<TrainingDetail> {
  const [session] = await sessions(ctx, [row])
  const people = await store.peopleOf(ctx.db, [row.id])
  const exams = await store.examsOf(ctx.db, [row.id])
  const names = await tenantNames(ctx, [...new Set(people.flatMap((one) => one.bureau_id ?? []))])
  const own = people.find((one) => one.person_id === ctx.actor.personId)
  const best = exams.find((one) => one.person_id === ctx.actor.personId)
  const surveyed = (await store.surveysOf(ctx.db, [row.id])).some((one) => one.person_id === ctx.actor.personId)
  const attends = actorCan(ctx.actor, 'training.attend', 'X')
  const may: TrainingDetail['may'] = []
  if (manages(ctx) && row.status !== 'CLOSED') may.push('MANAGE')
  if (manages(ctx) && row.status === 'PLANNED') may.push('INVITE')
  if (manages(ctx) && row.status === 'INVITED') may.push('CLOSE')
  if (attends && row.status === 'INVITED' && own) may.push('ANSWER')
  if (attends && row.status === 'INVITED' && !own?.signed_in_at) may.push('SIGN_IN')
  if (attends && own?.signed_in_at && !best?.passed) may.push('EXAM')
  if (attends && own?.signed_in_at && !surveyed) may.push('SURVEY')
  return {
    ...(session as TrainingSession),
    materials: (await store.materialsOf(ctx.db, [row.id])).map((one) => ({
      id: one.id,
      name: one.name,
      version: one.version,
      fileId: one.file_id,
      digest: { algorithm: one.digest_algorithm, value: one.digest },
      byName: one.by_name,
      at: one.at.toString(),
    })),
    participants: manages(ctx)
      ? people.map((one) => {
          const exam = exams.find((each) => each.person_id === one.person_id)
          return {
            personId: one.person_id,
            name: one.name,
            tenantName: one.bureau_id ? (names.get(one.bureau_id) ?? null) : null,
            coming: one.coming,
            signedInAt: one.signed_in_at?.toString() ?? null,
            score: exam?.score ?? null,
            passed: exam?.passed ?? null,
          }
        })
      : [],
    own: {
      invited: own?.invited_at != null,
      coming: own?.coming ?? null,
      signedInAt: own?.signed_in_at?.toString() ?? null,
      best: best ? { id: best.id, score: best.score ?? 0, passed: best.passed === true, certificateNo: best.certificate_no } : null,
      surveyed,
    },
    may,
  }
}

const reach = async (ctx: Ctx, id: string, ...statuses: Row['status'][]): Promise<Row> => {
  const row = (await store.lockTraining(ctx.db, id)) ?? fail(commonProblems.notFound, { id })
  return statuses.length === 0 || statuses.includes(row.status) ? row : fail(trainingProblems.wrongStep, { status: row.status })
}
export async function getTraining(ctx: Ctx, { trainingId }: Input<Api['get']>): Promise<Reply<Api['get']>> {
  return toDetail(ctx, (await store.findTraining(ctx.db, trainingId)) ?? fail(commonProblems.notFound, { trainingId }))
}

/** As many sessions as the plan asks for, spread over the year, each with all four subjects. @clause 5.9.1-1 */
export async function planYear(ctx: Ctx, { year, venue, trainers }: Input<Api['planYear']>): Promise<Reply<Api['planYear']>> {
  if ((await store.trainingsOf(ctx.db, year)).length > 0) fail(trainingProblems.planned, { year })
  const calendar = await loadCalendar(ctx)
  const days = yearOfSessions(year, ctx.plan.number('training.perYear'), (on) => calendar.isWorkday(on))
  for (const [index, on] of days.entries()) {
    await store.insertTraining(ctx.db, {
      id: newId(),
      number: await nextNumber(ctx.db, 'PX', shanghaiDay(ctx.now)),
      year,
      seq: index + 1,
      planned_on: on,
      course: '吉林省政务云云平台使用',
      topics: [...TOPICS],
      days: ctx.plan.number('training.days'),
      audience: '最终用户系统管理员',
      venue,
      trainers,
      status: 'PLANNED',
      held_from: null,
      held_to: null,
      created_at: ctx.now,
    })
  }
  await ctx.record({
    kind: 'training.planned',
    subject: { type: 'training-year', id: String(year) },
    after: { days: days.map(String), venue, trainers },
  })
  return { items: await sessions(ctx, await store.trainingsOf(ctx.db, year)) }
}

export async function changeTraining(ctx: Ctx, input: Input<Api['change']>): Promise<Reply<Api['change']>> {
  const row = await reach(ctx, input.trainingId, 'PLANNED', 'INVITED')
  const { plannedOn, course, topics, days, audience, venue, trainers } = input
  const changed = await store.updateTraining(ctx.db, row.id, {
    planned_on: Temporal.PlainDate.from(plannedOn),
    course,
    topics,
    days,
    audience,
    venue,
    trainers,
  })
  await ctx.record({
    kind: 'training.changed',
    subject: { type: 'training', id: row.id },
    before: { plannedOn: row.planned_on.toString(), course: row.course, topics: row.topics, days: row.days, venue: row.venue },
    after: { plannedOn, course, topics, days, venue },
  })
  return toDetail(ctx, changed)
}

/** Asks every administrator of every bureau. */
export async function inviteAll(ctx: Ctx, { trainingId }: Input<Api['invite']>): Promise<Reply<Api['invite']>> {
  const row = await reach(ctx, trainingId, 'PLANNED')
  const admins = await bureauHolders(ctx, 'TENANT_ADMIN', ctx.now)
  const unique = [...new Map(admins.map((one) => [one.personId, one])).values()]
  await store.putPeople(
    ctx.db,
    unique.map((one) => ({
      training_id: row.id,
      person_id: one.personId,
      name: one.name,
      bureau_id: one.tenantId,
      invited_at: ctx.now,
      coming: null,
      signed_in_at: null,
    })),
    { invited_at: ctx.now },
  )
  const invited = await store.updateTraining(ctx.db, row.id, { status: 'INVITED' })
  await ctx.record({ kind: 'training.invited', subject: { type: 'training', id: row.id }, data: { people: unique.length } })
  await tellInvited(
    ctx,
    invited,
    unique.map(({ personId }) => personId),
  )
  return toDetail(ctx, invited)
}

const self = (ctx: Ctx, trainingId: string) => ({
  training_id: trainingId,
  person_id: personOf(ctx.actor),
  name: ctx.actor.name,
  bureau_id: ctx.actor.grants.find(({ role }) => role === 'TENANT_ADMIN')?.tenantId ?? null,
  invited_at: null,
  coming: null,
  signed_in_at: null,
})

export async function answerInvitation(ctx: Ctx, { trainingId, coming }: Input<Api['answer']>): Promise<Reply<Api['answer']>> {
  const row = await reach(ctx, trainingId, 'INVITED')
  await store.putPeople(ctx.db, [{ ...self(ctx, row.id), coming }], { coming })
  await ctx.record({ kind: 'training.answered', subject: { type: 'training', id: row.id }, data: { coming } })
  return toDetail(ctx, row)
}

/** For the wall of the room: changes by the hour, so that a photograph of it is of no use tomorrow. */
export async function readCode(ctx: Ctx, { trainingId }: Input<Api['code']>): Promise<Reply<Api['code']>> {
  const row = await reach(ctx, trainingId, 'INVITED')
  const code = codeAt(ctx, row.id, ctx.now)
  await ctx.record({ kind: 'training.code-shown', subject: { type: 'training', id: row.id } })
  return { code, until: codeUntil(ctx.now).toString(), path: `/records/trainings/${row.id}?code=${code}` }
}

export async function signInAt(ctx: Ctx, { trainingId, code }: Input<Api['signIn']>): Promise<Reply<Api['signIn']>> {
  const row = await reach(ctx, trainingId, 'INVITED')
  // the one of the hour before is still good for who scanned it as it changed
  if (![codeAt(ctx, row.id, ctx.now), codeAt(ctx, row.id, ctx.now.subtract({ minutes: 10 }))].includes(code))
    fail(trainingProblems.wrongCode)
  const before = await store.personIn(ctx.db, row.id, personOf(ctx.actor))
  if (!before?.signed_in_at) await store.putPeople(ctx.db, [{ ...self(ctx, row.id), signed_in_at: ctx.now }], { signed_in_at: ctx.now })
  await ctx.record({ kind: 'training.signed-in', subject: { type: 'training', id: row.id } })
  return toDetail(ctx, row)
}

export async function addMaterial(ctx: Ctx, { trainingId, fileId, name }: Input<Api['material']>): Promise<Reply<Api['material']>> {
  const row = await reach(ctx, trainingId)
  const file = (await fileInfo(ctx.db, fileId)) ?? fail(trainingProblems.file, { fileId })
  await attachFile(ctx, fileId, { type: 'training', id: row.id, tenantId: null })
  const version = (await store.materialsOf(ctx.db, [row.id])).filter((one) => one.name === name).length + 1
  await store.insertMaterial(ctx.db, {
    id: newId(),
    training_id: row.id,
    name,
    version,
    file_id: fileId,
    digest: file.digest,
    digest_algorithm: file.digestAlgorithm,
    by_name: ctx.actor.name,
    at: ctx.now,
  })
  await ctx.record({
    kind: 'training.material-added',
    subject: { type: 'training', id: row.id },
    data: { name, version, digest: file.digest },
  })
  return toDetail(ctx, row)
}

/** @clause 5.9.1-1 5.9.2-1 5.9.2-2 */
export async function closeTraining(ctx: Ctx, input: Input<Api['close']>): Promise<Reply<Api['close']>> {
  const row = await reach(ctx, input.trainingId, 'INVITED')
  const [from, to] = [Temporal.Instant.from(input.heldFrom), Temporal.Instant.from(input.heldTo)]
  if (Temporal.Instant.compare(from, to) >= 0 || Temporal.Instant.compare(to, ctx.now) > 0) fail(trainingProblems.wrongStep, {})
  if (!(await store.peopleOf(ctx.db, [row.id])).some((one) => one.signed_in_at)) fail(trainingProblems.nobody)
  const closed = await store.updateTraining(ctx.db, row.id, {
    status: 'CLOSED',
    held_from: from,
    held_to: to,
    effect: input.effect,
    improvements: input.improvements,
  })
  await ctx.record({
    kind: 'training.closed',
    subject: { type: 'training', id: row.id },
    after: { heldFrom: input.heldFrom, heldTo: input.heldTo, effect: input.effect, improvements: input.improvements },
  })
  return toDetail(ctx, closed)
}

/** Materials are read by everybody who may read trainings. */
export const maySeeTraining = async (ctx: Ctx, _id: string): Promise<boolean> =>
  manages(ctx) || actorCan(ctx.actor, 'training.manage', 'r') || actorCan(ctx.actor, 'training.attend', 'X')
