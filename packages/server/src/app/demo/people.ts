import { ROLES } from '@changbai/contract/capability.ts'
import { addPerson, createTenant, givePassword, grantDirect } from '../../modules/identity/index.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { DEMO_PASSWORD, type DemoBureau, type DemoPerson, demoBureaus, demoPeople } from './cast.ts'

export interface DemoPeople {
  /** Bureau code to id. */
  tenants: ReadonlyMap<string, string>
  /** User name to person id. */
  people: ReadonlyMap<string, string>
}

/** Eleven digits as people dial them, of a range that no telephone has. */
const phoneOf = (index: number): string => `100${String(20_000_000 + 1_117 * (index + 1))}`

/** Makes the invented bureaus and people, each in force at once; on an installation without people only. Passwords are given apart: they age. */
export async function seedDemoPeople(
  ctx: Ctx,
  { bureaus, people: cast }: { bureaus: readonly DemoBureau[]; people: readonly DemoPerson[] } = {
    bureaus: demoBureaus,
    people: demoPeople,
  },
): Promise<DemoPeople> {
  const tenants = new Map<string, string>()
  for (const bureau of bureaus) tenants.set(bureau.code, (await createTenant(ctx, bureau)).id)
  const people = new Map<string, string>()
  for (const [index, { signIn, name, unit, roles, bureau }] of cast.entries()) {
    const personId = await addPerson(
      ctx,
      { signIn, name, unit, phone: phoneOf(index), email: `${signIn}@demo.example` },
      { temporary: false },
    )
    people.set(signIn, personId)
    const tenantId = bureau ? (tenants.get(bureau) ?? null) : null
    for (const role of roles) await grantDirect(ctx, { personId, role, tenantId, applicationId: null, reason: '演示数据' })
  }
  return { tenants, people }
}

export async function giveDemoPasswords(ctx: Ctx, { people }: DemoPeople): Promise<void> {
  for (const personId of people.values()) await givePassword(ctx, personId, DEMO_PASSWORD)
}

export interface DemoSignIn {
  signIn: string
  name: string
  /** Role and unit, as printed. */
  role: string
  password: string
}

/** What the terminal prints after start, in the order of {@link demoPeople}. */
export const demoSignIns: readonly DemoSignIn[] = demoPeople.map(({ signIn, name, unit, roles }) => ({
  signIn,
  name,
  role: `${roles.map((role) => ROLES[role].zh).join('、')} · ${unit}`,
  password: DEMO_PASSWORD,
}))
