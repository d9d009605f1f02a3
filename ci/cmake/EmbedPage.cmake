# cmake -DOUTPUT=assets.cc -DROOT=reports/html -P EmbedPage.cmake: the style sheets and scripts of the HTML pages as
# constants, each with the SHA-256 of its text for the pages' content security policy.

# A policy wants base64 where CMake knows hexadecimal: three digits of the one are two of the other.
function(base64_of_sha256 text result)
  string(SHA256 hex "${text}")
  set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  set(digits "${hex}00")
  set(encoded "")
  foreach(at RANGE 0 63 3)
    string(SUBSTRING "${digits}" ${at} 3 group)
    math(EXPR value "0x${group}")
    math(EXPR high "${value} / 64")
    math(EXPR low "${value} % 64")
    string(SUBSTRING "${alphabet}" ${high} 1 first)
    string(SUBSTRING "${alphabet}" ${low} 1 second)
    string(APPEND encoded "${first}${second}")
  endforeach()
  string(SUBSTRING "${encoded}" 0 43 encoded)
  set(${result} "${encoded}=" PARENT_SCOPE)
endfunction()

# The text of all the files, one behind the other, as a C++ initializer of an Asset.
function(asset result before after)
  set(text "${before}")
  foreach(name IN LISTS ARGN)
    file(READ ${ROOT}/${name} part)
    if(part MATCHES "</|\\]\\]>|<!--|\\)page\"")
      message(FATAL_ERROR "${name} holds '${CMAKE_MATCH_0}', which would end the element or the literal that it stands in")
    endif()
    string(APPEND text "${part}")
  endforeach()
  string(APPEND text "${after}")
  base64_of_sha256("${text}" digest)
  set(${result} "{R\"page(${text})page\", \"${digest}\"}" PARENT_SCOPE)
endfunction()

# To an XML reader a script is text, in which < and & mean something else.
set(open_script "//<![CDATA[\n")
set(close_script "//]]>\n")
asset(report_style "" "" base.css report.css)
asset(report_script "${open_script}" "${close_script}" state.js report.js)
asset(matrix_style "" "" base.css matrix.css)
asset(matrix_script "${open_script}" "${close_script}" state.js matrix.js)
file(WRITE ${OUTPUT} "#include \"reports/html/assets.h\"

namespace smtpspec::reports::html {
const PageAssets kReportAssets = {${report_style}, ${report_script}};
const PageAssets kMatrixAssets = {${matrix_style}, ${matrix_script}};
}  // namespace smtpspec::reports::html
")
