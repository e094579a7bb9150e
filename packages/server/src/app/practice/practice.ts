import { randomBytes } from 'node:crypto'
import { commonProblems } from '@changbai/contract/problem.ts'
import {
  activeRunOf,
  holdRun,
  noteProgress,
  type PracticeRunRow,
  runsToAttend,
  sandboxCleared,
  sandboxLost,
  sandboxReady,
} from '../../modules/training/index.ts'
import { type Actor, anonymous, systemActor } from '../../platform/actor.ts'
import { fail } from '../../platform/fail.ts'
import { type JobKind, jobKind } from '../../platform/jobs.ts'
import type { App, SignInPort } from '../../platform/mount.ts'
import type { Runtime } from '../../platform/runtime.ts'
import type { Secrets } from '../../platform/secrets.ts'
import { loadPromises } from '../prepare.ts'
import { type Attended, attendRun, SandboxGone } from './attendant.ts'
import { dropPlace, openPlace, PracticePlaceError, practiceSecrets } from './place.ts'
import { personBySignIn, seatOf } from './practice.store.ts'
import { clearSandbox, makeSandbox, seatRobots } from './sandbox.ts'
import type { PracticeServer } from './world.ts'

const SYSTEM = { actor: systemActor('practice') }
const LOOK_MS = 2_000
/** So long after the last run the world stays as it is, then it is forgotten as a whole. */
const IDLE_MS = 10 * 60_000
export const PRACTICE_PREFIX = '/practice'

export interface PracticeParts {
  databaseUrl: string
  planDir: string
  secrets: Secrets
  /** Looks by itself every two seconds; tests look step by step. */
  background: boolean
  open(databaseUrl: string, secrets: Secrets, signIn: SignInPort): Promise<PracticeServer>
}

export interface Practice {
  /** Opens the world where somebody needs it, and looks once at every run. */
  attend(): Promise<void>
  close(): Promise<void>
}

interface World extends Attended {
  close(): Promise<void>
}

/**
 * The practice world of this process: a second server of the same program on a database of its own, opened when somebody practises. Nothing of it
 * is in the product's own tables, so that no list, figure or clause can count it.
 */
export function createPractice(runtime: Runtime, outer: SignInPort, parts: PracticeParts): Practice & { mount(app: App): void } {
  const { door, log } = runtime
  let opening: Promise<World> | null = null
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | null = null
  let lastNeededAt = 0
  let isClosed = false

  /** Who of the house calls, and whether a run of theirs lets them in. */
  const callerOf = (call: Omit<Parameters<SignInPort['resolveActor']>[1], 'now'>): Promise<Actor | null> =>
    door.enter({ ...SYSTEM, readOnly: true }, async (ctx) => {
      const actor = await outer.resolveActor(ctx.db, { ...call, now: ctx.now })
      return actor.kind === 'person' && actor.personId && (await activeRunOf(ctx, actor.personId)) ? actor : null
    })

  const signIn = (key: string): SignInPort => ({
    async resolveActor(db, { cookie, authorization, address, now }) {
      const [scheme, given, robotId] = authorization.split(' ')
      const isRobot = scheme === 'Practice' && given === key
      const caller = isRobot ? null : await callerOf({ cookie, authorization, address })
      const personId = isRobot ? robotId : caller?.personId
      const seat = personId ? await seatOf(db, personId, now) : undefined
      if (!personId || !seat) return anonymous(address)
      return {
        kind: 'person',
        personId,
        name: seat.name,
        grants: seat.grants as Actor['grants'],
        address,
        sessionId: caller?.sessionId ?? null,
      }
    },
    touch: (actor, now) => outer.touch?.(actor, now),
  })

  const open = async (): Promise<World> => {
    const url = await openPlace(parts.databaseUrl)
    const key = randomBytes(24).toString('hex')
    const server = await parts.open(url, practiceSecrets(parts.secrets), signIn(key))
    try {
      await loadPromises(server.runtime.door, parts.planDir)
      await server.runtime.door.enter(SYSTEM, seatRobots)
    } catch (error) {
      await server.close()
      throw error
    }
    const idOf = (name: string) => server.runtime.door.enter({ ...SYSTEM, readOnly: true }, (ctx) => personBySignIn(ctx.db, name))
    log.info('practice world opened')
    return { server, key, idOf, close: server.close }
  }
  const opened = (): Promise<World> => {
    opening ??= open().catch((error: unknown) => {
      opening = null
      throw error
    })
    return opening
  }
  const leave = async (): Promise<void> => {
    const world = await opening?.catch(() => null)
    opening = null
    await world?.close()
  }

  const prepareRun = async (run: PracticeRunRow): Promise<void> => {
    const held = await door.enter(SYSTEM, (ctx) => holdRun(ctx, run))
    if (!held) return
    try {
      const { server, key, idOf } = await opened()
      const sandbox = await makeSandbox(server, key, idOf, held)
      await door.enter(SYSTEM, (ctx) => sandboxReady(ctx, held, sandbox))
    } catch (error) {
      log.error({ err: error, runId: run.id }, 'practice: no sandbox could be made')
      const because =
        error instanceof PracticePlaceError ? error.message : '练习环境没有建成，请重来一次 / the sandbox could not be made; try again'
      await door.enter(SYSTEM, (ctx) => sandboxLost(ctx, held, because))
    }
  }
  const clearRun = async (run: PracticeRunRow): Promise<void> => {
    const held = await door.enter(SYSTEM, (ctx) => holdRun(ctx, run))
    if (!held) return
    const { server } = await opened()
    for (const sandbox of [...held.left_over, ...(held.state === 'CLEARING' && held.sandbox ? [held.sandbox] : [])])
      await clearSandbox(server, sandbox)
    await door.enter(SYSTEM, (ctx) => sandboxCleared(ctx, held))
  }
  const followRun = async (run: PracticeRunRow): Promise<void> => {
    if (!run.sandbox) return
    try {
      const facts = await attendRun(await opened(), run, run.sandbox)
      await door.enter(SYSTEM, (ctx) => noteProgress(ctx, run, facts))
    } catch (error) {
      if (!(error instanceof SandboxGone)) throw error
      await door.enter(SYSTEM, (ctx) => sandboxLost(ctx, run, '练习环境已被清空，请重来一次 / the sandbox was emptied; start again'))
    }
  }
  const lookOnce = async (): Promise<boolean> => {
    const runs = await door.enter({ ...SYSTEM, readOnly: true }, runsToAttend)
    for (const run of runs) {
      if (isClosed) break
      const work = run.state === 'PREPARING' ? prepareRun : run.state === 'CLEARING' || run.left_over.length > 0 ? clearRun : followRun
      await work(run).catch((error: unknown) => log.warn({ err: error, runId: run.id }, 'practice: a look failed, the next tries again'))
    }
    return runs.length > 0
  }
  /** One look at a time; while somebody practises the next follows, and long after the last the world is forgotten. */
  const look = (): Promise<void> => {
    looking ??= lookOnce()
      .then(async (isNeeded) => {
        const now = Date.now()
        if (isNeeded) lastNeededAt = now
        if (!parts.background || isClosed) return
        if (now - lastNeededAt < IDLE_MS) {
          timer = setTimeout(() => void look().catch((error: unknown) => log.warn({ err: error }, 'practice')), LOOK_MS)
          timer.unref()
          return
        }
        await leave()
        await dropPlace(parts.databaseUrl)
      })
      .finally(() => {
        looking = null
      })
    return looking
  }

  return {
    async attend() {
      clearTimeout(timer)
      await look()
    },
    /** Everything said to the practice world comes by this process's own door first, and only from who practises. */
    mount(app) {
      app.addHook('onRequest', async (request, reply) => {
        const { url = '' } = request.raw
        if (!url.startsWith(`${PRACTICE_PREFIX}/api/`)) return
        const { cookie = '', authorization = '' } = request.headers
        if (!(await callerOf({ cookie, authorization, address: request.ip }))) fail(commonProblems.notFound)
        const { server } = await opened()
        if (parts.background && !timer) await look()
        reply.hijack()
        request.raw.url = url.slice(PRACTICE_PREFIX.length)
        server.app.routing(request.raw, reply.raw)
      })
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      await looking?.catch(() => {})
      await leave()
    },
  }
}

export const practiceJobs = (practice: () => Practice | null, runtime: () => Runtime): JobKind[] => [
  jobKind({
    name: 'practice.attend',
    async handler() {
      const here = practice()
      if (here) return here.attend()
      const { door } = runtime()
      const runs = await door.enter(SYSTEM, runsToAttend)
      for (const run of runs)
        await door.enter(SYSTEM, (ctx) => sandboxLost(ctx, run, '这台服务器没有开通练习 / this server offers no practice'))
    },
  }),
]

/** In the practice world nothing leaves the house and nothing of the house is looked after: only what moves its processes along is done. */
const OWN_WORK = /^(process|ledger|platform)\./
export const mutedJobs = (kinds: readonly JobKind[]): JobKind[] =>
  kinds.map((kind) => (OWN_WORK.test(kind.name) ? kind : { ...kind, handler: async () => {} }))
