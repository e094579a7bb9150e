import type { Ctx } from '../../platform/ctx.ts'

/** What identity asks of a module beside it; set once in app/handlers.ts. */
export interface IdentityPorts {
  /** End of business of the n-th working day. */
  addWorkdays(ctx: Ctx, from: Temporal.Instant, workdays: number): Promise<Temporal.Instant>
}

let ports: IdentityPorts | null = null
export function registerIdentityPorts(given: IdentityPorts): void {
  ports = given
}
export const identityPorts = (): IdentityPorts => {
  if (!ports) throw new Error('identity has no ports: app/handlers.ts registers them')
  return ports
}
