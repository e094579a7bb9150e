import type { ObservedKind } from '@changbai/contract/inventory.drift.ts'

/** One thing as a cloud shows it, in our words. `null` in facts: the cloud does not tell. */
export interface ReadThing {
  externalId: string
  name: string
  projectId: string
  /** Ours, where it carries one. */
  key: string | null
  /** Being built, resized, removed …: what it is will show at the next reading. */
  moving: boolean
  facts: Readonly<Record<string, unknown>>
}
/** Some things of one kind. `last`: with these everything of the kind has been told. */
export interface ReadBatch {
  kind: ObservedKind
  things: ReadThing[]
  last: boolean
  /** Requests made for it. */
  requests: number
}

/** Bounds of one reading: a cloud with more is read in part, and says so. */
export const READ_LIMITS = { pageSize: 1_000, pagesPerKind: 100, quotaProjects: 100 }
