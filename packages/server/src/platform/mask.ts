/** What is shown of personal data to whoever does not need it: enough to recognise, not enough to use. The one place for it. */

/** `13812345678` → `138****5678`; of a shorter number only its end. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  if (digits.length <= 4) return '****'
  return digits.length === 11 && digits.startsWith('1') ? `${digits.slice(0, 3)}****${digits.slice(-4)}` : `****${digits.slice(-4)}`
}

/** `zhao@jl.gov.cn` → `z***@jl.gov.cn` */
export function maskEmail(address: string): string {
  const [name = '', domain = ''] = address.split('@')
  return `${name.slice(0, 1)}***@${domain}`
}

/** Region and last place stay: `220102********123X`. */
const maskIdentity = (number: string): string => `${number.slice(0, 6)}********${number.slice(-4)}`

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** Eighteen places with the check digit of GB 11643: another long number is none. */
const isIdentity = (text: string): boolean => {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(text[index]), 0)
  return '10X98765432'[sum % 11] === text[17]?.toUpperCase()
}

const IDENTITY = /(?<![\dA-Za-z-])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z-])/g
const MOBILE = /(?<![\dA-Za-z.-])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\dA-Za-z])/g

/** Numbers of mobile telephones and identity cards within a text. */
export const maskText = (text: string): string =>
  text.length < 11
    ? text
    : text
        .replace(IDENTITY, (one) => (isIdentity(one) ? maskIdentity(one) : one))
        .replace(MOBILE, (one) => maskPhone(one.replace(/^\+?86[ -]?(?=1)/, '')))

const PHONE_FIELD = /(^|[a-z_])phone$/i
/** The same of every text in a value; a field that is called a telephone number is masked however it is written. */
export function maskDeep(value: unknown, field = ''): unknown {
  if (typeof value === 'string')
    return PHONE_FIELD.test(field) && /\d/.test(value) && !value.includes('*') ? maskPhone(value) : maskText(value)
  if (Array.isArray(value)) return value.map((one) => maskDeep(one, field))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, maskDeep(one, name)]))
}
