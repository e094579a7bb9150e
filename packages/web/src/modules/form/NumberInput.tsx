import { useState } from 'react'

interface Props {
  id: string
  disabled: boolean
  'aria-invalid': true | undefined
  value: number | undefined
  decimals: number
  onChange(value: number | undefined): void
  onBlur(): void
}

const shown = (value: number | undefined): string =>
  value === undefined ? '' : value.toLocaleString('en-US', { maximumFractionDigits: 3 })

/** A number as people type it: thousands by comma when it is left, digits only while it is typed. What is no number is not passed on. */
export function NumberInput({ value, decimals, onChange, onBlur, ...rest }: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  const change = (text: string): void => {
    const plain = text.replaceAll(',', '').trim()
    if (!(decimals === 0 ? /^-?\d{0,15}$/ : /^-?\d{0,12}(\.\d{0,3})?$/).test(plain)) return
    setTyped(text)
    const number = Number(plain)
    onChange(plain === '' || plain === '-' || Number.isNaN(number) ? undefined : number)
  }
  return (
    <input
      {...rest}
      inputMode="decimal"
      autoComplete="off"
      value={typed ?? shown(value)}
      onFocus={() => setTyped(value === undefined ? '' : String(value))}
      onChange={(event) => change(event.target.value)}
      onBlur={() => {
        setTyped(null)
        onBlur()
      }}
    />
  )
}
