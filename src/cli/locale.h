// The character set the program starts with.
#pragma once

namespace baton {

// Takes the user's character set; the plain C locale becomes its UTF-8 form, for us and for children (PEP 538). Called
// once, before anything reads the command line.
void adopt_locale();
bool started_in_c_locale();  // before it was made its UTF-8 form

}  // namespace baton
