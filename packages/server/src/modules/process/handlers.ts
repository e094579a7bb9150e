import type { z } from 'zod'
import type { Ctx } from '../../platform/ctx.ts'

/** The step a form or service acts for. */
export interface TaskCall {
  taskId: string
  instanceId: string
  processKey: string
  businessKey: string
  node: string
  outcome: string | null
  comment: string | null
  vars: Readonly<Record<string, unknown>>
  tenantId: string | null
  applicationId: string | null
}
export type ServiceCall = Omit<TaskCall, 'taskId' | 'outcome' | 'comment'>
/** Facts that conditions need; business data stays in business tables. */
export type Facts = Record<string, unknown>

/** Writes the business rows of one step in the transaction that completes it. */
export interface FormHandler<S extends z.ZodType = z.ZodType> {
  key: string
  schema: S
  handler(ctx: Ctx, task: TaskCall, data: z.output<S>): Promise<Facts | undefined>
}

/** SQL only, inline in the engine's transaction. */
export interface TxService {
  topic: string
  mode: 'tx'
  run(ctx: Ctx, call: ServiceCall): Promise<Facts | undefined>
}
/** The outside is still at work: the step is looked at again later, which is no failed try. */
export class LookAgain {
  readonly seconds: number
  constructor(seconds: number) {
    this.seconds = seconds
  }
}
/**
 * Talks to the outside: `plan` and `apply` are two transactions fenced by the lease, `call` runs between them without the database.
 * `key` is the same for every try of the same step: the idempotency key.
 */
export interface OutsideService<I = unknown, R = unknown> {
  topic: string
  mode: 'outside'
  plan(ctx: Ctx, call: ServiceCall): Promise<I>
  call(input: I, key: string, signal: AbortSignal): Promise<R>
  apply(ctx: Ctx, call: ServiceCall, result: R): Promise<Facts | LookAgain | undefined>
  /** How long one try may take before another worker may take over. Default 300 s. */
  leaseSeconds?: number
}
export type ServiceHandler = TxService | OutsideService

/** May this actor see the business object behind an instance? */
export type AccessRule = (ctx: Ctx, businessKey: string) => boolean | Promise<boolean>

const forms = new Map<string, FormHandler>()
const services = new Map<string, ServiceHandler>()
const access = new Map<string, AccessRule>()

/** Registering a key again replaces it, so that a server can be built twice in one process. */
export function registerForm<S extends z.ZodType>(form: FormHandler<S>): void {
  forms.set(form.key, form as unknown as FormHandler)
}
export function registerService<I, R>(service: TxService | OutsideService<I, R>): void {
  services.set(service.topic, service as unknown as ServiceHandler)
}
export function registerAccess(processKey: string, rule: AccessRule): void {
  access.set(processKey, rule)
}

export const formOf = (key: string): FormHandler | undefined => forms.get(key)
export const serviceOf = (topic: string): ServiceHandler | undefined => services.get(topic)
export const accessOf = (processKey: string): AccessRule | undefined => access.get(processKey)
