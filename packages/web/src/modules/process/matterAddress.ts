const PLACES: Record<string, string> = {
  admission: '/work/admissions',
  'resource-request': '/work/requests',
  provisioning: '/work/orders',
  'resource-change': '/work/changes',
  'migration-support': '/work/migrations',
  'server-reclaim': '/work/reclaim',
  'storage-reclaim': '/work/reclaim',
}

/** The page of the matter a process belongs to. */
export const matterAddress = ({ processKey, businessKey }: { processKey: string; businessKey: string }): string =>
  `${PLACES[processKey] ?? '/work'}/${businessKey}`
