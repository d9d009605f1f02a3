" Vim syntax for smtpspec scenarios (*.smtp). Install as ~/.vim/syntax/smtp.vim, and in ~/.vim/ftdetect/smtp.vim write
"   autocmd BufRead,BufNewFile *.smtp setfiletype smtp
if exists("b:current_syntax")
  finish
endif
syntax case match

syntax match smtpHeading /^\s*\(scenario\|block\)\>.*$/ contains=smtpHeadWord,smtpString
syntax match smtpHeadWord /^\s*\(scenario\|block\)\>/ contained
syntax match smtpField /^\s\+\(why\|checks\|needs\|role\|impact\|tags\|each\)\>/
syntax match smtpStep /^\s*\(use\|connect\|starttls\|tls\|auth\|scram\|fence\|wait\|check\|capture\|half-close\|close\|reset\|pipeline\|early\|when\|repeat\|refusable\)\>/

syntax match smtpSend /^\s*C\d\?:.*$/ contains=smtpMark,smtpVariable,smtpBrace,smtpTrailer
syntax match smtpOctets /^\s*C\d\?|.*$/ contains=smtpMark,smtpString,smtpNumber,smtpTrailer,smtpComment
syntax match smtpMark /^\s*\(C\d\?[:|.]\(raw\)\?\|S\d\?:\)/ contained
syntax match smtpTrailer /\(\s\s\+\|\t\)\(\(malformed\|split \d\+\|gap \d\+m\?s\)\s*\)\+\(#.*\)\?$/ contained contains=smtpComment
syntax match smtpExpect /^\s*S\d\?:.*$/ contains=smtpMark,smtpCode,smtpString,smtpRegex,smtpBinding,smtpClause,smtpTime,smtpGapComment
syntax match smtpCode /\<[1-5x][0-9x][0-9x]\>/ contained
syntax match smtpClause /\<\(unless\|answer\|within\|after\|as\|not\|any\|closed\|cleanly\|notified\|silent\|base64\|exactly\|lacks\)\>/ contained
syntax match smtpTime /\<\d\+\(ms\|s\|min\)\>/

" Text below `C.` and `C.raw`, as far as it is indented deeper.
syntax region smtpMessage start=/^\z(\s*\)C\d\?\.\(raw\)\?\(\s.*\)\?$/ end=/^\z1\ze\S/me=s-1 end=/^\(\z1\)\@!\ze\s*\S/me=s-1 contains=smtpMark,smtpVariable,smtpBrace keepend

syntax region smtpString start=/"/ skip=/\\./ end=/"/ oneline contains=smtpEscape,smtpVariable,smtpBrace
syntax match smtpEscape /\\\([rnt0\\"]\|x\x\x\)/ contained
syntax match smtpRegex /\s\zs\/\(\\.\|[^\/\\]\)\+\/\ze\(\s\|$\)/
syntax match smtpVariable /{[A-Za-z_][A-Za-z0-9_-]*\(\[[A-Za-z0-9_-]\+\]\)\?}/ contained
syntax match smtpBrace /{{/ contained
syntax match smtpNumber /\*\d\+/ contained
syntax match smtpBinding /\[[A-Za-z0-9.-]\+-\d\+\]/
syntax match smtpComment /\(^\|\s\)\zs#.*$/
syntax match smtpGapComment /\(\s\s\|\t\)\zs#.*$/ contained

highlight default link smtpHeadWord Keyword
highlight default link smtpHeading Title
highlight default link smtpField Type
highlight default link smtpStep Statement
highlight default link smtpMark Keyword
highlight default link smtpTrailer Special
highlight default link smtpCode Number
highlight default link smtpTime Number
highlight default link smtpNumber Number
highlight default link smtpClause Statement
highlight default link smtpMessage String
highlight default link smtpString String
highlight default link smtpEscape SpecialChar
highlight default link smtpBrace SpecialChar
highlight default link smtpRegex Constant
highlight default link smtpVariable Identifier
highlight default link smtpBinding Tag
highlight default link smtpComment Comment
highlight default link smtpGapComment Comment

syntax sync fromstart

let b:current_syntax = "smtp"
