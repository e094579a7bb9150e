import type { Driver } from './driver.ts'

/** No cloud: every line becomes work for people. It can make nothing, so it is never asked. */
export const manualDriver: Driver = {
  name: 'manual',
  can: () => false,
  ensure: async ({ want }) => ({ is: 'refused', status: 0, message: `people make the ${want.kind}` }),
  remove: async () => ({ is: 'absent' }),
  act: async ({ action }) => ({ is: 'refused', status: 0, message: `people do the ${action.do}` }),
  look: async () => ({
    services: [],
    capacity: {
      vcpu: { total: 0, used: 0 },
      memGiB: { total: 0, used: 0 },
      diskGiB: { total: 0, used: 0 },
      publicAddresses: { total: 0, used: 0 },
    },
    images: [],
    flavors: [],
  }),
  list: async () => [],
}
