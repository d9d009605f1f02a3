// Asio compiled once for the whole program (BOOST_ASIO_SEPARATE_COMPILATION), not once for each file that uses it.
#include <boost/asio/impl/src.hpp>
