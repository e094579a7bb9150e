const PLACES: Record<string, string> = {
  admission: '/work/admissions',
  'resource-request': '/work/requests',
  provisioning: '/work/orders',
  'resource-change': '/work/changes',
  'migration-support': '/work/migrations',
  'server-reclaim': '/work/reclaim',
  'storage-reclaim': '/work/reclaim',
  incident: '/duty/incidents',
  'service-request': '/work/services',
  'security-service': '/cloud/security/orders',
  'emergency-network': '/duty/emergencies',
  'emergency-power': '/duty/emergencies',
  'emergency-security': '/duty/emergencies',
}

/** The page of the matter a process belongs to. */
export const matterAddress = ({ processKey, businessKey }: { processKey: string; businessKey: string }): string =>
  `${PLACES[processKey] ?? '/work'}/${businessKey}`
