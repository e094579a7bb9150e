import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import { readConfig } from '../../packages/server/src/app/config.ts'
import { prepare } from '../../packages/server/src/app/prepare.ts'
import { createServer, type Server } from '../../packages/server/src/app/server.ts'
import { deployShipped, registerAccess, registerForm } from '../../packages/server/src/modules/process/index.ts'
import { type Actor, systemActor } from '../../packages/server/src/platform/actor.ts'
import type { Ctx } from '../../packages/server/src/platform/ctx.ts'
import { openDatabase } from '../../packages/server/src/platform/db.ts'
import { type Embedded, startEmbedded } from '../../packages/server/src/platform/embedded/embedded.ts'
import { newId } from '../../packages/server/src/platform/ids.ts'
import { createLog } from '../../packages/server/src/platform/log.ts'
import { migrate } from '../../packages/server/src/platform/migrate.ts'

/** A server without sockets on a database of its own, with durable commits, and one small process to measure with. */
export interface Stage {
  server: Server
  url: string
  embedded: Embedded
  /** Where the database server writes its log. */
  databaseLog: string
  /** What the worker sends as `authorization` to be known over a socket. */
  key: string
  /** A person who may do the steps of the measured process. */
  worker: Actor
  as<T>(actor: Actor, run: (ctx: Ctx) => Promise<T>): Promise<T>
  /** A GET of the worker through the whole server, without a socket. */
  get(path: string): Promise<unknown>
  /** A command of the worker, likewise. */
  post(path: string, body: object): Promise<unknown>
  sql<R extends object>(text: string, values?: unknown[]): Promise<R[]>
  stop(): Promise<void>
}

export const PROCESS = 'bench-two-steps'
const box = (id: string, x: number) =>
  `<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}"><dc:Bounds x="${x}" y="80" width="60" height="60"/></bpmndi:BPMNShape>`
const line = (id: string, x: number) =>
  `<bpmndi:BPMNEdge id="${id}_di" bpmnElement="${id}"><di:waypoint x="${x}" y="110"/><di:waypoint x="${x + 40}" y="110"/></bpmndi:BPMNEdge>`

/** Start, two steps of one role, end: completing the first opens the second, as most steps of the real processes do. */
const definition = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:wf="http://changbai.dev/schema/wf" id="d" targetNamespace="http://changbai.dev/bench">
  <bpmn:process id="${PROCESS}" name="measured" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="first"/>
    <bpmn:userTask id="first" name="First" wf:formKey="bench.step" wf:due="PT2400H" wf:candidateRoles="OPERATION_MANAGER">
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="first" targetRef="second"/>
    <bpmn:userTask id="second" name="Second" wf:formKey="bench.step" wf:due="PT2400H" wf:candidateRoles="OPERATION_MANAGER">
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="f3" sourceRef="second" targetRef="end"/>
    <bpmn:endEvent id="end"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="g"><bpmndi:BPMNPlane id="p" bpmnElement="${PROCESS}">
    ${box('start', 0)}${box('first', 100)}${box('second', 200)}${box('end', 300)}${line('f1', 60)}${line('f2', 160)}${line('f3', 260)}
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>`

const KEY = 'Bench worker'

export interface StageOptions {
  background?: boolean
  poolSize?: number
  /** Of the worker; an operation manager's otherwise. */
  grants?: Actor['grants']
  /** Settings of the database server over the durable ones. */
  settings?: Record<string, string>
}

export async function startStage({
  background = false,
  poolSize = 20,
  settings = {},
  grants = [{ role: 'OPERATION_MANAGER', tenantId: null, applicationId: null }],
}: StageOptions = {}): Promise<Stage> {
  const worker: Actor = {
    kind: 'person',
    personId: newId(),
    name: '张三',
    grants,
    address: '127.0.0.1',
    sessionId: null,
  }
  const folder = await mkdtemp(join(tmpdir(), 'changbai-bench-'))
  const embedded = await startEmbedded({ dataDir: folder, log: () => {}, settings })
  const opened = openDatabase(embedded.url, { poolSize: 2 })
  await migrate(opened.db)
  await opened.close()
  const server = await createServer({
    databaseUrl: embedded.url,
    secrets: { encryption: Buffer.alloc(32, 1), signing: Buffer.alloc(32, 2) },
    log: createLog('error'),
    publicUrl: 'http://localhost',
    trustProxy: false,
    background,
    poolSize,
    callsPerMinute: 10_000_000,
    // gateways of a measurement answer on this machine
    outboundAllow: ['127.0.0.1'],
    signIn: (real) => ({
      ...real,
      resolveActor: (db, call) => (call.authorization === KEY ? Promise.resolve(worker) : real.resolveActor(db, call)),
    }),
  })
  await prepare(server.runtime, readConfig({}, { demo: false, tls: false }))
  const pool = new pg.Pool({ connectionString: embedded.url, max: 2 })
  const { door } = server.runtime
  const as: Stage['as'] = (actor, run) => door.enter({ actor }, run)

  await pool.query('create table bench_row (id uuid primary key, task_id uuid not null, note text not null, at timestamptz not null)')
  registerForm({
    key: 'bench.step',
    schema: z.object({ note: z.string() }),
    async handler(ctx, task, { note }) {
      const { sql } = await import('kysely')
      await sql`insert into bench_row (id, task_id, note, at) values (${newId()}, ${task.taskId}, ${note}, ${ctx.now})`.execute(ctx.db)
      return { lastNote: note }
    },
  })
  registerAccess(PROCESS, () => true)
  await as(systemActor('bench'), (ctx) => deployShipped(ctx, [{ key: PROCESS, xml: definition }]))

  return {
    server,
    url: embedded.url,
    embedded,
    key: KEY,
    databaseLog: join(folder, 'postgres.log'),
    worker,
    as,
    async get(path) {
      const { statusCode, body } = await server.app.inject({ method: 'GET', url: path, headers: { authorization: KEY } })
      if (statusCode !== 200) throw new Error(`GET ${path} answered ${statusCode}: ${body}`)
      return JSON.parse(body) as unknown
    },
    async post(path, body) {
      const { statusCode, body: answer } = await server.app.inject({
        method: 'POST',
        url: path,
        headers: { authorization: KEY },
        payload: body,
      })
      if (statusCode !== 200) throw new Error(`POST ${path} answered ${statusCode}: ${answer}`)
      return JSON.parse(answer) as unknown
    },
    sql: async <R extends object>(text: string, values: unknown[] = []) => (await pool.query<R>(text, values)).rows,
    async stop() {
      await server.close()
      await pool.end()
      await embedded.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Runs `work` for every item with so many callers at once; the milliseconds each took, and how many were done per second. */
export async function drive<T>(
  items: readonly T[],
  callers: number,
  work: (item: T) => Promise<unknown>,
): Promise<{ perSecond: number; ms: number[] }> {
  const ms: number[] = []
  let next = 0
  const startedAt = performance.now()
  const caller = async () => {
    for (let mine = next++; mine < items.length; mine = next++) {
      const at = performance.now()
      await work(items[mine] as T)
      ms.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return { perSecond: (items.length * 1000) / (performance.now() - startedAt), ms }
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
