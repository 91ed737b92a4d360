// The one place where Asio itself is compiled (BOOST_ASIO_SEPARATE_COMPILATION); all other files see declarations only.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
