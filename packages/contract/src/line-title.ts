/** Codes and words a line of a work order bears in its title, as the form offers them. */
const WORDS: Record<string, readonly [zh: string, en: string]> = {
  GOV_EXTRANET: ['政务外网', 'Government extranet'],
  INTERNET: ['互联网区', 'Internet zone'],
  DMZ: ['隔离区', 'DMZ'],
  WAF: ['Web 应用防火墙', 'Web application firewall'],
  HOST_PROTECTION: ['主机防护', 'Host protection'],
  BASTION: ['堡垒机', 'Bastion'],
  LOG_AUDIT: ['日志审计', 'Log audit'],
  VULN_SCAN: ['漏洞扫描', 'Vulnerability scan'],
  块存储: ['块存储', 'Block storage'],
  文件存储: ['文件存储', 'File storage'],
  对象存储: ['对象存储', 'Object storage'],
  备份存储: ['备份存储', 'Backup storage'],
  公网地址: ['公网地址', 'Public addresses'],
  '、': ['、', ', '],
}
const FOUND = new RegExp(
  Object.keys(WORDS)
    .map((word) => (/^[A-Z_]+$/.test(word) ? `\\b${word}\\b` : word))
    .join('|'),
  'g',
)

/** The title of a line as a person reads it; names that people gave stay as they are. */
export const lineTitle = (title: string, language: 'zh' | 'en'): string =>
  title.replace(FOUND, (word) => WORDS[word]?.[language === 'zh' ? 0 : 1] ?? word)
