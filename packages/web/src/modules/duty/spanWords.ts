import type { Shift } from '@changbai/contract/duty.ts'
import { clock } from '../../shared/time.ts'

export const spanWords = (shift: Pick<Shift, 'startsAt' | 'endsAt'>) => `${clock(shift.startsAt)}–${clock(shift.endsAt)}`
