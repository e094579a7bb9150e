const PLACES: Record<string, string> = {
  admission: '/work/admissions',
  'resource-request': '/work/requests',
  provisioning: '/work/orders',
}

/** The page of the matter a process belongs to. */
export const matterAddress = ({ processKey, businessKey }: { processKey: string; businessKey: string }): string =>
  `${PLACES[processKey] ?? '/work'}/${businessKey}`
