import { lineTitle } from '@changbai/contract/line-title.ts'
import { expect, test } from 'vitest'

test.each([
  ['GOV_EXTRANET 10.12.3.0/24', '政务外网 10.12.3.0/24', 'Government extranet 10.12.3.0/24'],
  ['INTERNET · 公网地址 1', '互联网区 · 公网地址 1', 'Internet zone · Public addresses 1'],
  ['文件存储 5,000 GiB', '文件存储 5,000 GiB', 'File storage 5,000 GiB'],
  ['WAF、HOST_PROTECTION', 'Web 应用防火墙、主机防护', 'Web application firewall, Host protection'],
  ['fw-app × 4 · 8 vCPU / 32 GiB', 'fw-app × 4 · 8 vCPU / 32 GiB', 'fw-app × 4 · 8 vCPU / 32 GiB'],
])('%s', (title, zh, en) => expect([lineTitle(title, 'zh'), lineTitle(title, 'en')]).toEqual([zh, en]))
