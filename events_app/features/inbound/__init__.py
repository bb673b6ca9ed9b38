"""What comes back by mail: addresses that do not exist, answers to invitations."""
