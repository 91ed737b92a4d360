// words.ts - the words of the demonstration, which only a made-up county loads.
import { add_words } from '@common/i18n'
import en from './messages/en.json'
import zh from './messages/zh-CN.json'

add_words({ 'zh-CN': zh, en })
