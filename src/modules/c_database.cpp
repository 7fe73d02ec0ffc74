// See the header.
#include "modules/c_database.h"

namespace baton {

constinit WorkLock database_listing;

}  // namespace baton
