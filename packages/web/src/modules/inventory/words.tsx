import type { Amounts } from '@changbai/contract/inventory.ts'
import { useText } from '../../shared/text.ts'
import { count } from '../../shared/time.ts'
import { type State, Status } from '../../shared/ui/index.ts'
import { inventoryText } from './inventoryText.ts'

const states: Record<string, State> = {
  PREPARING: 'todo',
  TRIAL: 'running',
  ONLINE: 'running',
  ACTIVE: 'running',
  BUILDING: 'running',
  STOPPED: 'none',
  FAULTY: 'breach',
  RETIRED: 'none',
  PROPOSED: 'todo',
  REJECTED: 'none',
  UNTESTED: 'unknown',
  PASS: 'kept',
  FAIL: 'breach',
}
type Word =
  | 'PREPARING'
  | 'TRIAL'
  | 'ONLINE'
  | 'RETIRED'
  | 'BUILDING'
  | 'ACTIVE'
  | 'STOPPED'
  | 'FAULTY'
  | 'PROPOSED'
  | 'REJECTED'
  | 'UNTESTED'
  | 'PASS'
  | 'FAIL'

/** The state of a thing; an ordinary one stays quiet. */
export function ItemState({ state }: { state: Word }) {
  const t = useText(inventoryText)
  return (
    <Status state={states[state] ?? 'unknown'} quiet={state !== 'FAULTY' && state !== 'FAIL'}>
      {t(state)}
    </Status>
  )
}

export const gib = (n: number): string => `${count(n)} GiB`
export const amountKeys = ['vcpu', 'memGiB', 'storageGiB', 'publicAddresses', 'baremetal'] as const satisfies readonly (keyof Amounts)[]
export const amountWord: Record<(typeof amountKeys)[number], 'vcpu' | 'mem' | 'storage' | 'publicAddresses' | 'baremetal'> = {
  vcpu: 'vcpu',
  memGiB: 'mem',
  storageGiB: 'storage',
  publicAddresses: 'publicAddresses',
  baremetal: 'baremetal',
}
export const amountText = (key: (typeof amountKeys)[number], n: number): string =>
  key === 'memGiB' || key === 'storageGiB' ? gib(n) : count(n)
