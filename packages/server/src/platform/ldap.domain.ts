/** The attributes we read, by what they are to us; defaults are those of inetOrgPerson in OpenLDAP. */
export const LDAP_ATTRIBUTES = {
  id: 'entryUUID',
  signIn: 'uid',
  name: 'cn',
  unit: 'ou',
  phone: 'mobile',
  email: 'mail',
} as const
export type LdapAttributes = Record<keyof typeof LDAP_ATTRIBUTES, string>

const ATTRIBUTE = /^[A-Za-z][A-Za-z0-9-]{0,60}$/

/** `signIn=sAMAccountName,id=objectGUID`: those left out keep their default; null: not readable. */
export function readLdapAttributes(text: string): LdapAttributes | null {
  const attributes: LdapAttributes = { ...LDAP_ATTRIBUTES }
  for (const pair of text.split(',').filter((one) => one.trim() !== '')) {
    const [key = '', value = '', ...rest] = pair.split('=').map((part) => part.trim())
    if (rest.length > 0 || !Object.hasOwn(attributes, key) || !ATTRIBUTE.test(value)) return null
    attributes[key as keyof LdapAttributes] = value
  }
  return attributes
}

const SPECIAL = new Set(Buffer.from('\\*()'))

/** What somebody typed is a value and nothing else: RFC 4515 section 3, every byte that could end or widen it written as its number. */
export const escapeFilterValue = (value: string): string =>
  [...Buffer.from(value)]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f && !SPECIAL.has(byte) ? String.fromCharCode(byte) : `\\${byte.toString(16).padStart(2, '0')}`,
    )
    .join('')

/** Everything the filter of the installation finds and whose attribute is just this value. */
export const filterFor = (filter: string, attribute: string, value: string): string =>
  `(&${filter}(${attribute}=${escapeFilterValue(value)}))`

/** Identifiers are text (entryUUID) or sixteen bytes (objectGUID). */
export const entryIdOf = (bytes: Uint8Array): string => {
  const text = Buffer.from(bytes).toString('latin1')
  return /^[\x21-\x7e]+$/.test(text) ? text.toLowerCase() : Buffer.from(bytes).toString('hex')
}
