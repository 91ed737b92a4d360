// http.hpp - all that other modules see of the HTTP/1.1 server: requests, responses, routes, the server. No Asio in here.
#pragma once
#include <jx/http/problem.hpp>
#include <jx/http/range.hpp>
#include <jx/http/request.hpp>
#include <jx/http/response.hpp>
#include <jx/http/server.hpp>
