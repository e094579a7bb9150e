import { defineText } from '../../shared/text.ts'

export const searchText = defineText(
  'search',
  {
    results: '搜索结果',
    pages: '页面',
    waiting: '等别人办',
    nothing: '没有找到“{{q}}”',
    nothingHelp: '可用单号、名称、编码、地址或条款号查找，两个字即可。只查你有权查看的内容。',
    hint: '单号、应用、服务器、地址、条款号均可，上下键选择，Enter 打开。',
    partly: '有一部分没能搜索到，结果可能不全。',
  },
  {
    results: 'Results',
    pages: 'Pages',
    waiting: 'Waiting for others',
    nothing: 'Nothing found for “{{q}}”',
    nothingHelp: 'Search by number, name, code, address or clause. Only what you may read is searched.',
    hint: 'Numbers, applications, servers, addresses, clauses. Arrows choose, Enter opens.',
    partly: 'Part of the search failed; results may be incomplete.',
  },
)
