import { sql } from 'kysely'
import { seedDemoInventory } from '../../modules/inventory/index.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { demoBureaus, demoPeople } from './cast.ts'
import { giveDemoPasswords, seedDemoPeople } from './people.ts'
import { Cast, seedMeasured, seedPresent, seedRosters, seedStanding } from './today.ts'

export { type DemoSignIn, demoSignIns } from './people.ts'

/**
 * Fills an installation nobody has used yet with the small demonstration: bureaus, people, pools, applications, what lies on their desks.
 * @returns whether this installation holds demo data, now or since an earlier start
 */
export async function seedDemo(ctx: Ctx): Promise<boolean> {
  const { rows } = await sql<{ people: number; demo: number }>`
    select count(*) as people, count(*) filter (where sign_in = 'zhoumin') as demo from person`.execute(ctx.db)
  if ((rows[0]?.people ?? 0) > 0) return (rows[0]?.demo ?? 0) > 0
  const house = { bureaus: demoBureaus, people: demoPeople }
  const seeded = await seedDemoPeople(ctx, house)
  await giveDemoPasswords(ctx, seeded)
  const cast = new Cast(seeded, house)
  await seedDemoInventory(ctx, cast.tenants)
  await seedRosters(ctx, cast)
  await seedStanding(ctx, cast)
  await seedMeasured(ctx, cast)
  await seedPresent(ctx, cast)
  return true
}
