// core.hpp - what every module speaks: results, ids, time, the context of an act.
#pragma once
#include <jx/core/bytes.hpp>
#include <jx/core/clock.hpp>
#include <jx/core/context.hpp>
#include <jx/core/id.hpp>
#include <jx/core/result.hpp>
#include <jx/core/words.hpp>
