import { defineText } from '../../shared/text.ts'

export const heldText = defineText(
  'held',
  {
    title: '这次导出须另一人批准',
    why: '批准后在“我的导出”领取，只能领取一次；条件与现在相同，权限在领取时再查一次。',
    reason: '用途',
    reasonHelp: '给谁、做什么用、用完怎样处置',
    ask: '提交申请',
    asked: '已提交 {{number}}，由安全管理员批准',
    mine: '我的导出',
    close: '关闭',
  },
  {
    title: 'This export needs a second person',
    why: 'Once approved it is taken from My exports, one time; with the conditions of now, under the rights you have then.',
    reason: 'What for',
    reasonHelp: 'For whom, to do what, and what becomes of it afterwards',
    ask: 'Ask',
    asked: '{{number}} is asked for; a security administrator approves it',
    mine: 'My exports',
    close: 'Close',
  },
)
