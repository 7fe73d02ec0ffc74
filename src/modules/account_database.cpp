// See the header.
#include "modules/account_database.h"

namespace baton {

constinit WorkLock account_listing;

}  // namespace baton
