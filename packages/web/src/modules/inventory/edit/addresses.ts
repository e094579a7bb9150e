/** `10.1.2.3 zone-a public`, one a line: the address, where it is, whether the public reaches it. */
export const spellAddresses = (value: unknown): string =>
  (Array.isArray(value) ? (value as { address: string; zone?: string; public?: boolean }[]) : [])
    .map((one) => [one.address, one.zone, one.public && 'public'].filter(Boolean).join(' '))
    .join('\n')
export const readAddresses = (text: string): { address: string; zone: string; public: boolean }[] =>
  text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([address = '', ...rest]) =>
      address ? [{ address, zone: rest.filter((one) => one !== 'public').join(' '), public: rest.includes('public') }] : [],
    )
