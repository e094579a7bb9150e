import { useEffect, useState } from 'react'
import { serverNow } from './time.ts'

/** Re-renders at every turn of the minute (or second) of the server's clock and gives its time in milliseconds. */
export function useNow(unit: 'minute' | 'second' = 'minute'): number {
  const step = unit === 'minute' ? 60_000 : 1_000
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const turn = () => {
      setNow(serverNow())
      timer = setTimeout(turn, step - (serverNow() % step) + 20)
    }
    timer = setTimeout(turn, step - (serverNow() % step) + 20)
    return () => clearTimeout(timer)
  }, [step])
  return now
}

/** Wide enough for the full frame? Below 768 px the phone patterns hold. */
export function usePhone(): boolean {
  const [phone, setPhone] = useState(() => matchMedia('screen and (max-width: 767px)').matches)
  useEffect(() => {
    const query = matchMedia('screen and (max-width: 767px)')
    const hear = () => setPhone(query.matches)
    query.addEventListener('change', hear)
    return () => query.removeEventListener('change', hear)
  }, [])
  return phone
}
