import type { Ctx } from '../../platform/ctx.ts'

export interface DemoReclaim {
  nothing: true
}
export async function seedDemoReclaim(_ctx: Ctx): Promise<void> {}
