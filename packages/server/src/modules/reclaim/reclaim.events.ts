interface Told {
  caseId: string
  number: string
  name: string
  tenantId: string | null
  applicationId: string | null
}
declare module '../../platform/ctx.ts' {
  interface Events {
    /** The bureau is asked to look at it, for the first time or once more. */
    'reclaim.asked': Told & { outcome: string; again: boolean }
    'reclaim.reminded': Told
    'reclaim.customer-informed': Told
    'reclaim.cooling': { caseId: string; name: string; until: string }
    'reclaim.released': Told & { vcpu: number; memGiB: number; gib: number }
  }
}

export {}
