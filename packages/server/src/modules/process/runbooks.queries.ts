import type { Ctx } from '../../platform/ctx.ts'
import { currentDefinitions } from './definitions.store.ts'
import { loadProgram } from './programs.ts'

export interface DeployedSteps {
  key: string
  name: string
  /** Steps for people, as drawn. */
  steps: { node: string; name: string; formKey: string | null }[]
}
/** The newest version of every process whose key begins so, with its steps for people. */
export async function deployedSteps(ctx: Ctx, prefix: string): Promise<DeployedSteps[]> {
  const found: DeployedSteps[] = []
  for (const { id, key, name } of await currentDefinitions(ctx.db)) {
    if (!key.startsWith(prefix)) continue
    const program = await loadProgram(ctx.db, id)
    const steps = [...program.nodes.values()].flatMap((node) =>
      node.kind === 'user' ? [{ node: node.id, name: node.name, formKey: node.formKey }] : [],
    )
    found.push({ key, name, steps })
  }
  return found
}
