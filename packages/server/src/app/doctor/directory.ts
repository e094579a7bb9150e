import { type LdapConfig, LdapDown, openLdap } from '../../platform/ldap.ts'
import { type Finding, ok, trouble } from './finding.ts'

/** Binds and reads, as the nightly run does; nothing of it is kept. */
export async function checkDirectory(config: LdapConfig): Promise<Finding> {
  try {
    const { length } = await openLdap(config).readAll()
    if (length > 0) return ok('directory', `${config.url}：读到 ${length} 人`, `${config.url}: ${length} people read`)
    return trouble(
      'failed',
      'directory',
      [`${config.url}：能连上，但一个人也没有找到`, `${config.url}: reached, but nobody was found`],
      ['核对 LDAP_BASE 与 LDAP_FILTER', 'check LDAP_BASE and LDAP_FILTER'],
    )
  } catch (error) {
    if (!(error instanceof LdapDown)) throw error
    return trouble(
      'failed',
      'directory',
      [`${config.url}：${error.message}`, `${config.url}: ${error.message}`],
      [
        '核对地址、证书（LDAP_CA_FILE）与读取账号；本地账号照常登录',
        'check address, certificate (LDAP_CA_FILE) and reader; local accounts sign in',
      ],
    )
  }
}
